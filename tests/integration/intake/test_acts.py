"""What authors do about their reports later: stored once, published, and only where it is possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from services.intake.domain.acts import AuthorAct, photos_of
from services.intake.domain.follow_up import FollowUp, page_town
from services.intake.domain.reports import town
from services.intake.domain.steps import RecordedStep
from services.intake.store import repository
from services.intake.usecases.acts import Acts, Outcome
from services.intake.usecases.follow_up import follow_up
from services.intake.usecases.submissions import Accepted, Submissions
from shared import clock, ids, towns
from shared.contracts import registry
from shared.contracts.envelope import decode
from shared.unit import unit_of_work
from tests.integration.intake.photo_rows import add_photo
from tests.integration.intake.sent import LINKS, SUBMISSION, UNLIMITED

ACTS = Acts(LINKS, towns.Towns(page_town))


@pytest.fixture
def report_id(conn: psycopg.Connection) -> str:
    """A report that nothing has happened to yet."""
    with unit_of_work(conn) as unit:
        (outcome,) = Submissions(LINKS, towns.Towns(town), UNLIMITED).submit(unit, [SUBMISSION])
    assert isinstance(outcome, Accepted)
    return outcome.report_id


def _happened(conn: psycopg.Connection, report_id: str, number: int, state: str, **more: Any) -> None:
    names = ("holder_kind", "holder", "until", "outcome", "text", "planned_for")
    rest = {name: more.get(name) for name in names}
    step = RecordedStep("gentilly", report_id, f"{number:010}", state, happened_at=clock.timestamp(), **rest)
    repository.add_steps(conn, [step])


def _do(conn: psycopg.Connection, report_id: str, act: AuthorAct) -> Outcome:
    with unit_of_work(conn) as unit:
        return ACTS.do(unit, "gentilly", report_id, act)


def _seen(conn: psycopg.Connection, report_id: str) -> FollowUp:
    found = follow_up(conn, ACTS.towns, "gentilly", report_id)
    assert found
    return found


def _published(conn: psycopg.Connection, report_id: str) -> list[tuple[str, dict[str, Any]]]:
    """Type and data of what was published since the report itself, each checked against its contract."""
    rows = conn.execute(
        "select body::text from event where subject = %s and type <> 'report.submitted.v1' order by time, id",
        [report_id],
    ).fetchall()
    events = [decode(body.encode()) for (body,) in rows]
    for event in events:
        registry.check(event)
    return [(event.type, event.data) for event in events]


def test_a_withdrawal_is_stored_and_published_with_whoever_had_the_report(
    conn: psycopg.Connection, report_id: str
) -> None:
    _happened(conn, report_id, 1, "routed", holder_kind="department", holder="voirie")
    assert _do(conn, report_id, AuthorAct("withdrawn", "Réparé", "gone")) == "done"
    assert (_seen(conn, report_id).now.state, _seen(conn, report_id).may) == ("withdrawn", frozenset())
    ((type_, data),) = _published(conn, report_id)
    assert (type_, data["reason"], data["text"]) == ("report.withdrawn.v1", "gone", "Réparé")
    assert (data["department"], data["report"]["id"]) == ("voirie", report_id)


def test_the_report_is_published_as_it_was_first_less_who_sent_it(
    conn: psycopg.Connection, report_id: str
) -> None:
    first = conn.execute(
        "select (body -> 'data' -> 'report')::jsonb - 'citizen_id' from event where subject = %s", [report_id]
    ).fetchall()
    _do(conn, report_id, AuthorAct("completed", "Plus large"))
    ((_, data),) = _published(conn, report_id)
    assert [data["report"]] == [row[0] for row in first]


@pytest.mark.parametrize(
    "act",
    [
        AuthorAct("completed", "Plus large"),
        AuthorAct("withdrawn", None, "mistake"),
    ],
)
def test_pressed_twice_is_once(conn: psycopg.Connection, report_id: str, act: AuthorAct) -> None:
    assert [_do(conn, report_id, act) for _ in range(2)] == ["done", "done"]
    assert len(_published(conn, report_id)) == 1


def test_what_has_ended_is_reopened_and_rated_but_not_withdrawn(
    conn: psycopg.Connection, report_id: str
) -> None:
    _happened(conn, report_id, 1, "routed", holder_kind="department", holder="voirie")
    assert _do(conn, report_id, AuthorAct("reopened", "Pas réglé")) == "too_late"
    _happened(conn, report_id, 2, "resolved", holder_kind="department", holder="voirie", outcome="done")
    assert _do(conn, report_id, AuthorAct("withdrawn", None, "gone")) == "too_late"
    assert _do(conn, report_id, AuthorAct("rated", outcome="unsatisfied")) == "done"
    assert _do(conn, report_id, AuthorAct("reopened", "Pas réglé")) == "done"
    assert [type_ for type_, _ in _published(conn, report_id)] == ["report.rated.v1", "report.reopened.v1"]
    assert _seen(conn, report_id).now.state == "reopened"
    _happened(conn, report_id, 3, "routed", holder_kind="department", holder="voirie")
    assert [step.state for step in _seen(conn, report_id).history] == [
        "submitted", "routed", "resolved", "rated", "reopened", "routed",
    ]  # fmt: skip


def test_photos_are_added_up_to_four_and_nobody_else_s(conn: psycopg.Connection, report_id: str) -> None:
    own = [add_photo(conn, photos_of(report_id)) for _ in range(5)]
    foreign = add_photo(conn, "web/another")
    assert _do(conn, report_id, AuthorAct("completed", photos=(foreign, *own))) == "done"
    ((_, data),) = _published(conn, report_id)
    claimed = conn.execute("select count(*) from photo where report_id is not null").fetchone()
    assert claimed == (4,)
    assert [photo["id"] for photo in data["photos"]] == own[:4]
    assert {photo["id"] for photo in data["report"]["photos"]} == set(own[:4])


def test_one_photo_after_the_other_is_added_and_the_same_again_is_not(
    conn: psycopg.Connection, report_id: str
) -> None:
    first, second = (add_photo(conn, photos_of(report_id)) for _ in range(2))
    for photo in (first, second, second):
        assert _do(conn, report_id, AuthorAct("completed", photos=(photo,))) == "done"
    added = [[photo["id"] for photo in data["photos"]] for _, data in _published(conn, report_id)]
    assert added == [[first], [second]]


def test_a_report_that_is_none_is_unknown(conn: psycopg.Connection, database: Callable[[str], str]) -> None:
    assert _do(conn, ids.new_id(), AuthorAct("completed", "x")) == "unknown"
