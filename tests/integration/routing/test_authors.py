"""What authors do about their reports: the case follows, and its department's desk is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from services.routing.domain import Action, Actor
from services.routing.usecases import configuration
from services.routing.usecases.authors import AuthorAct, Outcome, follow_authors
from services.routing.usecases.decisions import NewReport
from shared import ids
from shared.contracts import registry
from shared.contracts.envelope import Event
from shared.contracts.states import Act
from shared.unit import unit_of_work

from .desk import Desk, asked, new_report

NADIA = Actor("gentilly", "voirie", "Nadia")
DONE = Action("resolve", "Rebouché", "done")


def _follow(desk: Desk, *acts: AuthorAct) -> list[Outcome]:
    with psycopg.connect(desk.url) as conn, unit_of_work(conn) as unit:
        return follow_authors(unit, configuration.configured_towns().current(conn, ["gentilly"]), acts)


def _act(report: NewReport, act: Act, **said: Any) -> AuthorAct:
    return AuthorAct("gentilly", report.content["id"], act, said)


def _since(
    desk: Desk, report: NewReport, number: int
) -> Sequence[tuple[str, str, dict[str, Any], list[str]]]:
    """What is published after the first `number` events, each checked against its contract."""
    found = desk.events(report.content["id"])[number:]
    for type_, sequence, data, _ in found:
        when = "2026-11-22T09:05:07.000Z"
        registry.check(
            Event(
                ids.new_id(),
                "urn:vigie:routing",
                type_,
                "gentilly",
                when,
                data,
                report.content["id"],
                sequence,
            )
        )
    return found


def _case(desk: Desk) -> tuple[Any, ...]:
    (row,) = desk.rows("select state, target_kind, target, outcome, rule, sequence from case_file")
    return row


@pytest.fixture
def report(desk: Desk) -> NewReport:
    """A report that voirie has."""
    new = new_report()
    desk.open_cases([new])
    return new


def test_what_is_withdrawn_has_ended_and_the_desk_is_told(desk: Desk, report: NewReport) -> None:
    assert _follow(desk, _act(report, "withdrawn", reason="gone", text="Réparé")) == ["done"]
    assert _case(desk)[:4] == ("withdrawn", "department", "voirie", None)
    ((type_, sequence, data, exchanges),) = _since(desk, report, 1)
    assert (type_, sequence, exchanges) == ("report.withdrawn.v1", "0000000002", ["desk"])
    assert (data["department"], data["reason"], data["text"]) == ("voirie", "gone", "Réparé")


def test_the_department_was_faster(desk: Desk, report: NewReport) -> None:
    desk.act([asked(NADIA, report, DONE)])
    assert _follow(desk, _act(report, "withdrawn", reason="gone")) == ["too_late"]
    assert _case(desk)[0] == "resolved"
    assert _since(desk, report, 2) == []


def test_what_is_reopened_is_the_department_s_again_with_clocks_anew(desk: Desk, report: NewReport) -> None:
    desk.rows(
        "update case_file set resolve_by = now() - interval '1 day', resolve_overdue = true returning 1"
    )
    desk.act([asked(NADIA, report, DONE)])
    assert _follow(desk, _act(report, "reopened", text="Le trou est revenu")) == ["done"]
    assert _case(desk) == ("routed", "department", "voirie", None, "reopened", 3)
    assert desk.rows("select resolve_by > now(), resolve_overdue from case_file") == [(True, False)]
    told = {type_: (data, exchanges) for type_, _, data, exchanges in _since(desk, report, 2)}
    routed, reopened = told["report.routed.v1"], told["report.reopened.v1"]
    assert (routed[1], reopened[1]) == (["events"], ["desk"])
    assert routed[0]["decision"]["reason"]["fr"] == "Rouvert par son auteur : Le trou est revenu"
    assert (reopened[0]["text"], reopened[0]["clocks"]) == ("Le trou est revenu", routed[0]["clocks"])


def test_what_is_added_is_told_to_the_desk_and_changes_no_state(desk: Desk, report: NewReport) -> None:
    assert _follow(desk, _act(report, "completed", text="Plus large")) == ["done"]
    assert _case(desk)[0] == "routed"
    ((type_, _, data, exchanges),) = _since(desk, report, 1)
    assert (type_, data["text"], exchanges) == ("report.completed.v1", "Plus large", ["desk"])


def test_acts_of_one_batch_are_done_in_their_order(desk: Desk, report: NewReport) -> None:
    acts = [_act(report, "completed", text="Plus large"), _act(report, "withdrawn", reason="gone")]
    assert _follow(desk, *acts) == ["done", "done"]
    assert _case(desk)[0] == "withdrawn"
    assert [type_ for type_, *_ in _since(desk, report, 1)] == ["report.completed.v1", "report.withdrawn.v1"]


def test_an_act_that_comes_before_its_report_has_no_case(desk: Desk) -> None:
    assert _follow(desk, _act(new_report(), "withdrawn", reason="gone")) == ["no_case"]
