"""New reports: each is decided on once, gets its case, and is published with it."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from services.routing.usecases.decisions import NewReport
from shared import ids
from shared.contracts.envelope import Cause

from .desk import Desk, new_report

IN_PARIS = {"latitude": 48.8566, "longitude": 2.3522}


def _case(desk: Desk, report: NewReport) -> tuple[object, ...]:
    statement = "select state, target_kind, target, sequence from case_file where report_id = %s"
    [row] = desk.rows(statement, report.content["id"])
    return row


def test_a_report_goes_to_its_department_with_its_reason_and_clocks(desk: Desk) -> None:
    report = new_report()
    assert desk.open_cases([report]) == ["has_case"]
    assert _case(desk, report) == ("routed", "department", "voirie", 1)
    [(type_, sequence, data, exchanges)] = desk.events(report.content["id"])
    assert (type_, sequence, exchanges) == ("report.routed.v1", "0000000001", ["events", "desk"])
    assert (data["report"], data["department"]) == (report.content, "voirie")
    assert data["decision"]["rule_set"] == "1"
    [(reason, due_at)] = desk.rows("select reason, acknowledge_by from case_file")
    assert reason == data["decision"]["reason"]
    assert due_at.isoformat(timespec="milliseconds")[:19] == data["clocks"]["acknowledge_by"][:19]


@pytest.mark.parametrize(
    ("changes", "state", "type_"),
    [
        ({"category": "eau/fuite"}, "forwarded", "report.forwarded.v1"),
        ({"place": IN_PARIS}, "triage", "report.triaged.v1"),
        ({"category": "no/such"}, "triage", "report.triaged.v1"),
    ],
)
def test_what_no_department_is_to_get_stays_off_every_desk(
    desk: Desk, changes: dict[str, Any], state: str, type_: str
) -> None:
    report = new_report(**changes)
    desk.open_cases([report])
    assert _case(desk, report)[0] == state
    [(published, _, _, exchanges)] = desk.events(report.content["id"])
    assert (published, exchanges) == (type_, ["events"])


def test_a_report_that_has_its_case_is_not_decided_on_again(desk: Desk) -> None:
    old, new = new_report(), new_report()
    desk.open_cases([old])
    assert desk.open_cases([old, new, new]) == ["has_case"] * 3
    assert desk.rows("select count(*), count(distinct subject) from event where subject is not null") == [
        (2, 2)
    ]


def test_a_report_of_a_town_that_is_not_set_up_gets_no_case(desk: Desk) -> None:
    here, elsewhere = new_report(), new_report("ailleurs")
    assert desk.open_cases([elsewhere, here]) == ["unknown_town", "has_case"]
    assert desk.events(elsewhere.content["id"]) == []
    assert len(desk.events(here.content["id"])) == 1


def test_what_led_to_a_decision_can_be_traced(desk: Desk) -> None:
    cause = Cause(ids.new_id(), ids.new_id(), f"00-{'1' * 32}-{'2' * 16}-01")
    desk.open_cases([replace(new_report(), cause=cause)])
    [(body,)] = desk.rows("select body from event where type = 'report.routed.v1'")
    assert {name: body[name] for name in cause.attributes()} == cause.attributes()


def test_somebody_is_called_where_no_rule_decides(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    report = new_report(category="no/such")
    with caplog.at_level(logging.ERROR):
        desk.open_cases([report])
    assert [r.__dict__["report"] for r in caplog.records if r.message == "no rule decides"] == [
        report.content["id"]
    ]
