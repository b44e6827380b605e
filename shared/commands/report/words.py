"""A report as `vigie report show` says it: in one language, at the town's time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from shared.contracts.states import ENDED, STATE_LABELS, STEPS
from shared.l10n import Dates, Label, Language, colon, unbroken

Known = Mapping[str, Any]

# What the line is called, then what is said in it.
_WORDS: Mapping[str, Label] = {
    "time_zone": Label("heures de", "times of"),
    "state": Label("état", "state"),
    "target": Label("confié à", "given to"),
    "rule": Label("règle", "rule"),
    "version": Label("version", "version"),
    "acknowledge_by": Label("à prendre", "take up by"),
    "resolve_by": Label("à traiter", "resolve by"),
    "photos": Label("photos", "photos"),
    "delivery": Label("courriel", "mail"),
    "counted": Label("comptés", "counted"),
    "counted_one": Label("compté", "counted"),
    "facts": Label("faits", "facts"),
    "fact": Label("fait", "fact"),
    "at_least": Label("au moins", "at least"),
    "cannot_be_reached": Label("injoignable", "cannot be reached"),
    "unknown": Label("aucun service joignable ne le connaît", "no service that can be reached knows it"),
    # why a database is away
    "not_set": Label("son adresse n’est pas donnée", "its address is not set"),
    "no_tables": Label(
        "sa base n’a pas ses tables (vigie db migrate)",
        "its database lacks tables (vigie db migrate)",
    ),
    "no_answer": Label("sa base de données ne répond pas", "its database does not answer"),
    # states, and the events that lead to them
    "triage": STATE_LABELS["triage"],
    **{step: STATE_LABELS[state] for state, step in STEPS.items()},
    "overdue": Label("en retard", "overdue"),
    "kept": Label("à confirmer", "to be confirmed"),
    "kept_until": Label("jusqu’au", "until"),
    "noted": Label("annoté", "noted"),
    "reopened": Label("rouvert par son auteur", "reopened by its author"),
    "completed": Label("complété par son auteur", "added to by its author"),
    "rated": Label("noté par son auteur", "rated by its author"),
    # who has it, who is written to
    "department": Label("service", "department"),
    "authority": Label("organisme", "authority"),
    "citizen": Label("auteur", "author"),
    # mails and photos
    "confirm": Label("demande de confirmation", "request to confirm"),
    "receipt": Label("accusé de réception", "receipt"),
    "handover": Label("transmission", "handover"),
    "pending": Label("en attente", "waiting"),
    "sending": Label("en cours d’envoi", "being sent"),
    "sent": Label("envoyé", "sent"),
    "failed": Label("en échec", "failed"),
    "stored": Label("enregistrée", "stored"),
    "delivery.sent": Label("courriel envoyé", "mail sent"),
    "delivery.failed": Label("courriel en échec", "mail failed"),
}


def of(known: Known, language: Language) -> Iterator[str]:
    """The lines about a report. What has no word stands as it is."""
    yield from (unbroken(line, language) for line in _lines(known, _Said(language, known["time_zone"])))


def _lines(known: Known, said: _Said) -> Iterator[str]:
    yield "  ".join(known[name] for name in ("reference", "town", "category") if known.get(name))
    parts = said.parts(known) if "id" in known else iter([("", said.word("unknown"))])
    for name, text in parts:
        yield f"  {name:12}{text}"
    for service, cause in known["away"].items():
        yield f"  {service:12} {said.word('cannot_be_reached')}{said.colon}{said.word(cause)}"


def word(name: str, language: Language) -> str:
    """The word for a state, a fact, a label; the name itself where there is none."""
    both = _WORDS.get(name)
    return both.in_language(language) if both else name


def is_one(number: int, language: Language) -> bool:
    """Whether a language takes the singular for a number; French does for none, too."""
    return number == 1 or (number == 0 and language == "fr")


def facts(number: int, language: Language) -> str:
    """`1 fact`, `2 facts`."""
    return f"{number} {word('fact' if is_one(number, language) else 'facts', language)}"


class _Said:
    """Says things in one language."""

    def __init__(self, language: Language, time_zone: str) -> None:
        self._language = language
        self._dates = Dates(language, time_zone)
        self.colon = colon(language)

    def word(self, name: str) -> str:
        return word(name, self._language)

    def parts(self, known: Known) -> Iterator[tuple[str, str]]:
        """(what, its words), service by service; nothing for a service that is away."""
        yield self.word("time_zone"), known["time_zone"]
        if "state" in known:
            yield self.word("state"), self.word(known["state"])
        if "kept_until" in known:
            until = datetime.fromisoformat(known["kept_until"])
            yield self.word("kept_until"), self._dates.short_deadline(until, seconds=True)
        yield from self._decision(known)
        if "photos" in known:
            yield self.word("photos"), self._photos(known["photos"])
        yield from (("", self._entry(entry)) for entry in known["history"])
        yield from ((self.word("delivery"), self._delivery(d)) for d in known.get("deliveries", []))
        if "counted" in known:
            one = is_one(known["counted"], self._language)
            yield self.word("counted_one" if one else "counted"), self._counted(known)

    def _decision(self, known: Known) -> Iterator[tuple[str, str]]:
        if "target" not in known:
            return
        yield self.word("target"), self._holder(known["target"]["kind"], known["target"]["id"])
        version = f"({self.word('version')} {known['rule_set']})"
        reason = (known["reason"] or {}).get(self._language, "")
        yield self.word("rule"), f"{known['rule'] or '-'} {version} {reason}".rstrip()
        for clock in () if known["state"] in ENDED else ("acknowledge_by", "resolve_by"):
            if known[clock]:
                due_at = datetime.fromisoformat(known[clock])
                yield self.word(clock), self._dates.short_deadline(due_at, seconds=True)

    def _holder(self, kind: str, name: str | None) -> str:
        return " ".join(filter(None, (self.word(kind), name)))

    def _photos(self, photos: list[Known]) -> str:
        states = ", ".join(self.word(photo["state"]) for photo in photos)
        return f"{len(photos)} ({states})" if photos else "0"

    def _entry(self, entry: Known) -> str:
        what = entry["event"].removesuffix(".v1").removeprefix("report.")
        said = f"{self.word(what)}{self._planned(entry)}"
        return f"{self._moment(entry['at'])}  {said:22}  {entry['event']}"

    def _planned(self, entry: Known) -> str:
        if not entry.get("planned_for"):
            return ""
        return f"{self.colon}{self._dates.short_day(date.fromisoformat(entry['planned_for']))}"

    def _delivery(self, delivery: Known) -> str:
        to = f"{self.word(delivery['template'])} → {self.word(delivery['recipient_kind'])}"
        return f"{to}{self.colon}{self.word(delivery['state'])}"

    def _counted(self, known: Known) -> str:
        """Facts are known by what intake and routing published: with one of them away there may be more."""
        least = [self.word("at_least")] if known["away"].keys() & {"intake", "routing"} else []
        return " ".join([*least, facts(known["counted"], self._language)])

    def _moment(self, text: str) -> str:
        return self._dates.short_moment(datetime.fromisoformat(text), seconds=True)
