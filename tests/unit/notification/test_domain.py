from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification import domain
from services.notification.bus.consumers import report_event
from services.notification.domain import Attempt, ReportEvent
from services.notification.mail import smtp
from shared.contracts.envelope import Event
from shared.l10n import Label
from shared.messaging.topology import SUBSCRIPTIONS
from tests.support import mails, reports


def told(event_type: str) -> list[tuple[str, str]]:
    return [(notice.recipient, notice.template) for notice in domain.notices(event_type)]


def read(event: Event) -> ReportEvent:
    return report_event(reports.message(event))


def test_who_is_told_of_what() -> None:
    assert {event_type: told(event_type) for event_type in domain.NOTICES} == {
        "report.kept.v1": [("citizen", "confirm")],
        "report.submitted.v1": [("citizen", "receipt")],
        "report.routed.v1": [("citizen", "routed")],
        "report.forwarded.v1": [("citizen", "forwarded"), ("authority", "handover")],
        "report.triaged.v1": [],
        "report.acknowledged.v1": [("citizen", "acknowledged")],
        "report.planned.v1": [("citizen", "planned")],
        "report.resolved.v1": [("citizen", "resolved")],
        "report.declined.v1": [("citizen", "declined")],
        "report.withdrawn.v1": [("authority", "withdrawn")],
        "report.completed.v1": [("authority", "completed")],
    }


@pytest.mark.parametrize("happened", ["withdrawn", "completed"])
def test_what_an_author_does_is_told_to_an_authority_alone(happened: str) -> None:
    (notice,) = domain.notices(f"report.{happened}.v1")
    assert domain.has_recipient(notice, read(reports.event(happened, authority="ratp")))
    assert not domain.has_recipient(notice, read(reports.event(happened, authority=None)))


def test_every_event_that_the_queue_brings_is_in_the_table() -> None:
    assert set(domain.NOTICES) == set(SUBSCRIPTIONS["notification.events"]) - {"town.configured.v1"}


def test_notes_among_agents_are_told_to_nobody() -> None:
    assert domain.notices("report.noted.v1") == ()


def test_the_ledger_keeps_what_the_template_reads_and_no_more() -> None:
    event = reports.event("resolved", outcome="done", text="Rebouché")
    notice = domain.notices(event.type)[0]

    kept = domain.template_data(notice, read(event))

    assert set(kept) == {"happened_at", "report", "department", "outcome", "text"}
    assert set(kept["report"]) == {"kind", "category", "description", "place", "submitted_at"}


def test_an_authority_is_given_all_it_needs_to_act() -> None:
    event = reports.event("forwarded", authority="ratp")
    notice = domain.notices(event.type)[1]

    kept = domain.template_data(notice, read(event))

    assert {"description", "place", "photos", "answers", "category"} <= set(kept["report"])
    assert domain.recipient_id(notice, read(event)) == "ratp"


def test_a_citizen_reads_the_language_of_the_report() -> None:
    event = reports.event("forwarded", reports.report(language="en"), authority="ratp")
    to_citizen, to_authority = domain.notices(event.type)

    assert domain.language(to_citizen, read(event)) == "en"
    assert domain.language(to_authority, read(event)) is None


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (250, "sent"),
        (251, "sent"),
        (354, "later"),
        (421, "later"),
        (450, "later"),
        (452, "later"),
        (550, "failed"),
        (552, "failed"),
        (554, "failed"),
        (530, "later"),
        (535, "later"),
        (0, "later"),
        (-1, "later"),
    ],
)
def test_a_reply_code_decides(code: int, outcome: str) -> None:
    attempt = smtp.verdict(code)

    assert attempt.outcome == outcome
    assert attempt.cause == (None if outcome == "sent" else f"smtp_{code}")


@given(st.integers(1, 100), st.lists(st.floats(1, 1e6), min_size=1, max_size=8))
def test_the_next_attempt_is_always_later_and_never_beyond_the_last_delay(
    attempts: int, delays: list[float]
) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)

    wait = domain.next_due(now, attempts, delays) - now

    assert timedelta(0) < wait <= timedelta(seconds=max(delays))
    if attempts >= len(delays):
        assert wait == timedelta(seconds=delays[-1])


towns_due = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 60), max_size=8)


@given(towns_due, st.integers(1, 60), st.sampled_from(["", *"acdhz"]))
def test_towns_take_turns_until_the_list_is_full_or_nothing_is_left(
    due: dict[str, int], places: int, after: str
) -> None:
    turns = domain.turns(due, places, after)

    assert len(turns) == min(places, sum(due.values()))
    given_to = {town: turns.count(town) for town in due}
    assert all(given_to[town] <= due[town] for town in due)
    left_waiting = [given_to[town] for town in due if given_to[town] < due[town]]
    assert all(n <= fewest + 1 for fewest in left_waiting for n in given_to.values())


@given(towns_due.filter(bool), st.integers(1, 8))
def test_lists_that_follow_each_other_leave_no_town_out(due: dict[str, int], places: int) -> None:
    turns: list[str] = []
    while len(turns) < len(due):
        turns += domain.turns(due, places, turns[-1] if turns else "")

    assert set(turns) == set(due)


def test_attempts_end() -> None:
    refused = Attempt("later", "smtp_450")

    assert domain.settle(refused, 17, 18) == refused
    assert domain.settle(refused, 18, 18) == Attempt("failed", "gave_up_smtp_450")
    assert domain.settle(Attempt("sent"), 18, 18) == Attempt("sent")


def test_a_label_falls_back_to_french_then_to_the_slug() -> None:
    labels = {"voirie": Label.of({"fr": "Voirie"})}

    assert domain.label(labels, "voirie", "en") == "Voirie"
    assert domain.label(labels, "gone", "fr") == "gone"


def test_categories_are_found_at_every_depth() -> None:
    deep = {"slug": "a/b/c", "label": {"fr": "C", "en": "C"}, "active": True, "kinds": []}
    middle = {**deep, "slug": "a/b", "children": [deep]}
    top = {**deep, "slug": "a", "children": [middle]}

    assert set(mails.town(categories=[top]).categories) == {"a", "a/b", "a/b/c"}


def test_the_label_of_whoever_is_gone_stays() -> None:
    label = {"fr": "Parcs", "en": "Parks"}
    former = [{"kind": kind, "slug": "parcs", "label": label} for kind in ("department", "authority")]
    town = domain.town(1, {**mails.configuration(), "former": former})
    assert town.departments["parcs"] == town.authority_labels["parcs"] == Label.of(label)
    assert "parcs" not in town.authorities


def test_the_address_of_somebody_who_has_still_to_confirm_is_asked_for_that_alone() -> None:
    purposes = {
        event_type: domain.purpose(mails.delivery(notice, mails.happened(event_type)), mails.town())
        for event_type in ("report.kept.v1", "report.submitted.v1")
        for notice in domain.notices(event_type)
    }
    assert purposes == {"report.kept.v1": "confirm_report", "report.submitted.v1": "tell_citizen"}
