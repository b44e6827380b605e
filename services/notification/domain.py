"""Who is told what, and the rules of telling; no input or output here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import Any, Literal

from shared.branding import Branding, holder_labels
from shared.categories import labels as labels_of_categories
from shared.contracts.kinds import Purpose
from shared.l10n import Label

RecipientKind = Literal["citizen", "authority"]
Data = Mapping[str, Any]
Person = tuple[str, str]  # citizen id, report id

CHANNEL = "mail"


@dataclass(frozen=True, slots=True)
class ReportEvent:
    """An event of a report, as its recipients are told of it.

    `time`: when it happened (RFC 3339). `report` and `details`: what it says of the report and besides, as
    JSON, of which the ledger keeps what a template reads. `quiet`: a replay, to be recorded as told before.
    """

    town: str
    id: str
    type: str
    time: str
    report: Data
    details: Data
    correlation_id: str | None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail that follows from an event: to whom, by which template, with which of the event's details.

    `version` rises whenever what the template says changes, so that the ledger tells what was said.
    """

    recipient: RecipientKind
    template: str
    details: tuple[str, ...] = ()
    version: int = 1


_DECISION = ("decision", "clocks")
# Who is told of which event, by which template. A report in triage is still looked at by the town: when it
# leaves triage, `routed`, `forwarded` or `declined` says so.
NOTICES: Mapping[str, tuple[Notice, ...]] = MappingProxyType(
    {
        "report.kept.v1": (Notice("citizen", "confirm", ("kept_until",)),),
        "report.submitted.v1": (Notice("citizen", "receipt"),),
        "report.routed.v1": (Notice("citizen", "routed", ("department", *_DECISION), version=2),),
        "report.forwarded.v1": (
            Notice("citizen", "forwarded", ("authority", "decision"), version=2),
            Notice("authority", "handover", ("authority", "decision")),
        ),
        "report.triaged.v1": (),
        "report.withdrawn.v1": (Notice("authority", "withdrawn", ("authority", "text")),),
        "report.completed.v1": (Notice("authority", "completed", ("authority", "text", "photos")),),
        "report.acknowledged.v1": (Notice("citizen", "acknowledged", ("department", "text")),),
        "report.planned.v1": (Notice("citizen", "planned", ("department", "planned_for", "text")),),
        "report.resolved.v1": (Notice("citizen", "resolved", ("department", "outcome", "text"), version=2),),
        "report.declined.v1": (Notice("citizen", "declined", ("department", "outcome", "text")),),
    }
)

# What the mails say of the report itself. The authority gets all that it needs to act.
_OF_REPORT: Mapping[RecipientKind, tuple[str, ...]] = MappingProxyType(
    {
        "citizen": ("kind", "category", "description", "place", "address", "submitted_at"),
        "authority": (
            "kind",
            "category",
            "description",
            "place",
            "address",
            "submitted_at",
            "photos",
            "answers",
            "citizen_id",
        ),
    }
)


def notices(event_type: str) -> tuple[Notice, ...]:
    """The mails that follow from an event of this type; none for a type that the table does not name."""
    return NOTICES.get(event_type, ())


def has_recipient(notice: Notice, event: ReportEvent) -> bool:
    """Whether there is anybody whom it is for: an authority has by far not every report."""
    return notice.recipient == "citizen" or bool(event.details.get("authority"))


def language(notice: Notice, event: ReportEvent) -> str | None:
    """The language to write in, where the event says it: an authority's is the town's to say, at sending."""
    return str(event.report["language"]) if notice.recipient == "citizen" else None


def recipient_id(notice: Notice, event: ReportEvent) -> str:
    """Whom the notice is for: the citizen's opaque id, or the authority's slug."""
    return str(event.details["authority"] if notice.recipient == "authority" else event.report["citizen_id"])


def template_data(notice: Notice, event: ReportEvent) -> dict[str, Any]:
    """What the ledger keeps of an event for `notice`: all that its template reads, and no more."""
    of_report = {name: event.report[name] for name in _OF_REPORT[notice.recipient] if name in event.report}
    own = {name: event.details[name] for name in notice.details if name in event.details}
    return {"happened_at": event.time, "report": of_report, **own}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one recipient, as the ledger has it.

    `due_at` is when it may be sent next. That of a claimed delivery is when the claim ends, and is what its
    sender is known by. `uncertain`: an attempt was made whose outcome nobody noted.
    """

    town: str
    id: str
    event_id: str
    report_id: str
    reference: str
    recipient_kind: RecipientKind
    recipient_id: str
    template: str
    language: str | None
    data: Data
    correlation_id: str | None
    attempts: int
    message_id: str | None
    due_at: datetime
    uncertain: bool

    @property
    def order(self) -> tuple[str, str]:
        """People are told in the order in which things happened."""
        return self.data["happened_at"], self.id

    @property
    def person(self) -> Person:
        """The citizen whom it is for or about, by whose id the contact is asked for."""
        of_citizen = self.recipient_kind == "citizen"
        return self.recipient_id if of_citizen else self.data["report"].get(
            "citizen_id"
        ) or "", self.report_id


@dataclass(frozen=True, slots=True)
class Contact:
    """A citizen's address and names, as intake gives them for one list and one purpose; never stored."""

    email: str
    first_name: str
    last_name: str
    tracking_url: str
    confirmation_url: str | None = None


@dataclass(frozen=True, slots=True)
class Authority:
    """A body outside the town: `needs_contact` where it must be able to reach the citizen itself."""

    label: Label
    email: str | None
    language: str
    needs_contact: bool


@dataclass(frozen=True, slots=True)
class Town:
    """What the mails need of a town's configuration. Labels are also those of whoever it had."""

    slug: str
    branding: Branding
    time_zone: str
    languages: tuple[str, ...]
    categories: Mapping[str, Label]
    departments: Mapping[str, Label]
    authorities: Mapping[str, Authority]
    authority_labels: Mapping[str, Label]
    sender: str
    reply_to: str | None
    signature: Label


def town(_version: int, configuration: Data) -> Town:
    """The town as `town.configured.v1` describes it."""
    mail, labels = configuration["mail"], holder_labels(configuration)
    return Town(
        slug=configuration["slug"],
        branding=Branding.of(configuration),
        time_zone=configuration["time_zone"],
        languages=tuple(configuration["languages"]),
        categories=labels_of_categories(configuration["categories"]),
        departments={slug: label for (kind, slug), label in labels.items() if kind == "department"},
        authorities={a["slug"]: _authority(a) for a in configuration["authorities"]},
        authority_labels={slug: label for (kind, slug), label in labels.items() if kind == "authority"},
        sender=mail["from"],
        reply_to=mail.get("reply_to"),
        signature=Label.of(mail["signature"]),
    )


# What a citizen's contact is needed for.
_PURPOSES: Mapping[RecipientKind, Purpose] = MappingProxyType(
    {"citizen": "tell_citizen", "authority": "hand_over"}
)
# By template, where it is another; None where the author is not named.
_OWN_PURPOSES: Mapping[str, Purpose | None] = MappingProxyType(
    {"confirm": "confirm_report", "withdrawn": None, "completed": None}
)


def purpose(delivery: Delivery, town: Town | None) -> Purpose | None:
    """What the citizen's contact is needed for; None where the authority does without it."""
    if delivery.recipient_kind == "authority":
        authority = town.authorities.get(delivery.recipient_id) if town else None
        if authority is None or not authority.needs_contact:
            return None
    return _OWN_PURPOSES.get(delivery.template, _PURPOSES[delivery.recipient_kind])


def _authority(entry: Data) -> Authority:
    return Authority(
        Label.of(entry["label"]), entry.get("email"), entry["language"], bool(entry["needs_contact"])
    )


def label(labels: Mapping[str, Label], slug: str, language: str) -> str:
    """The label of `slug`; the slug itself where the town no longer has it."""
    return labels.get(slug, Label.same(slug)).in_language(language)


Outcome = Literal["sent", "later", "failed"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one attempt. `cause` is a code, never the server's words, which quote addresses."""

    outcome: Outcome
    cause: str | None = None


def next_due(now: datetime, attempts: int, delays: Sequence[float]) -> datetime:
    """When to try again after `attempts` attempts; `delays` in seconds, the last one from then on."""
    return now + timedelta(seconds=delays[min(attempts, len(delays)) - 1])


def turns(due: Mapping[str, int], places: int, after: str = "") -> list[str]:
    """Which town has each place of a list of `places`: towns take turns while they have deliveries due.

    `due`: how many each town has. `after`: the town that had the last turn of the list before.
    """
    towns = sorted(due, key=lambda town: (town <= after, town))
    in_turn = (town for turn in range(places) for town in towns if due[town] > turn)
    return list(islice(in_turn, places))


def settle(attempt: Attempt, attempts: int, most: int) -> Attempt:
    """`attempt`, the number `attempts`, but failed where no more than `most` may be made."""
    if attempt.outcome == "later" and attempts >= most:
        return Attempt("failed", f"gave_up_{attempt.cause}")
    return attempt
