"""What agents do: each action moves its case and is published, or is refused and leaves no trace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.routing.domain import Action, Actor, CaseFile, Refusal
from services.routing.usecases.decisions import NewReport
from shared import clock

from .desk import Desk, asked, new_report

NADIA = Actor("gentilly", "voirie", "Nadia")
ADA = Actor("gentilly", "proprete", "Ada")
TOMORROW = clock.now().date() + timedelta(days=1)

# What an agent does, the state after it, and what is published: type, exchanges, fields beside the report.
DONE: tuple[tuple[Action, str, str, list[str], dict[str, str]], ...] = (
    (Action("acknowledge"), "acknowledged", "report.acknowledged.v1", ["events", "desk"], {}),
    (Action("plan", planned_for=TOMORROW), "planned", "report.planned.v1", ["events", "desk"],
     {"planned_for": TOMORROW.isoformat()}),
    (Action("resolve", "Rebouché", "done"), "resolved", "report.resolved.v1", ["events", "desk"],
     {"text": "Rebouché", "outcome": "done"}),
    (Action("decline", "Non", "duplicate"), "declined", "report.declined.v1", ["events", "desk"],
     {"text": "Non", "outcome": "duplicate"}),
    (Action("note", "Voir Karim"), "routed", "report.noted.v1", ["desk"], {"text": "Voir Karim"}),
)  # fmt: skip


@pytest.fixture
def report(desk: Desk) -> NewReport:
    """A report that voirie has."""
    new = new_report()
    desk.open_cases([new])
    return new


@pytest.mark.parametrize(("action", "state", "type_", "exchanges", "fields"), DONE)
def test_an_action_moves_the_case_and_is_published(
    desk: Desk,
    report: NewReport,
    action: Action,
    state: str,
    type_: str,
    exchanges: list[str],
    fields: dict[str, str],
) -> None:
    [outcome] = desk.act([asked(NADIA, report, action)])
    assert isinstance(outcome, CaseFile)
    assert (outcome.case.state, outcome.sequence) == (state, 2)
    assert desk.rows("select state, outcome, planned_for, sequence from case_file") == [
        (state, action.outcome, action.planned_for, 2)
    ]
    said = {"report": report.content, "department": "voirie", "agent_id": "Nadia", **fields}
    assert desk.events(report.content["id"])[1:] == [(type_, "0000000002", said, exchanges)]


def test_what_is_returned_waits_in_triage_with_a_clock_and_its_department_is_told(
    desk: Desk, report: NewReport
) -> None:
    [(promised,)] = desk.rows("select resolve_by from case_file")
    [outcome] = desk.act([asked(NADIA, report, Action("return", "Route départementale"))])
    assert desk.rows("select rule, reason->>'fr' from case_file") == [
        ("returned", "Rendu par le service : Route départementale")
    ]
    assert isinstance(outcome, CaseFile)
    assert (outcome.case.state, outcome.case.target) == ("triage", None)
    assert outcome.case.acknowledge_by
    assert outcome.case.acknowledge_by > clock.now()
    assert outcome.case.resolve_by == promised
    [_, (type_, _, data, exchanges)] = desk.events(report.content["id"])
    assert (type_, exchanges) == ("report.triaged.v1", ["events", "desk"])
    assert "Route départementale" in data["decision"]["reason"]["fr"]
    assert "agent_id" not in data


def test_actions_on_one_report_are_done_in_their_order(desk: Desk, report: NewReport) -> None:
    steps = [Action("acknowledge"), Action("resolve", "Fait", "done"), Action("acknowledge")]
    outcomes = desk.act([asked(NADIA, report, step) for step in steps])
    assert [isinstance(outcome, CaseFile) for outcome in outcomes] == [True, True, False]
    assert desk.rows("select state, sequence from case_file") == [("resolved", 3)]
    assert [event[1] for event in desk.events(report.content["id"])] == [f"{n:010}" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("actor", "action", "refused"),
    [
        (None, Action("acknowledge"), ("not_allowed", "actor")),
        (Actor("gentilly"), Action("acknowledge"), ("not_allowed", "actor")),
        (ADA, Action("acknowledge"), ("wrong_department", "report")),
        (NADIA, Action("resolve", " ", "done"), ("required", "text")),
        (NADIA, Action("decline", "Non", "done"), ("not_a_choice", "outcome")),
        (NADIA, Action("plan"), ("required", "planned_for")),
        (NADIA, Action("plan", planned_for=TOMORROW - timedelta(days=9)), ("out_of_range", "planned_for")),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(
    desk: Desk, report: NewReport, actor: Actor | None, action: Action, refused: tuple[str, str]
) -> None:
    before = desk.rows("select row_to_json(c)::text from case_file c")
    [outcome] = desk.act([asked(actor, report, action)])
    assert isinstance(outcome, Refusal)
    assert (outcome.code, outcome.field) == refused
    assert desk.rows("select row_to_json(c)::text from case_file c") == before
    assert len(desk.events(report.content["id"])) == 1


@pytest.mark.parametrize("wrong", ["01890000-0000-7000-8000-000000000000", "GEN-7K3M-9QX2", ""])
def test_nobody_acts_on_a_report_that_is_not_known(desk: Desk, report: NewReport, wrong: str) -> None:
    unknown = new_report(id=wrong)
    [outcome, done] = desk.act([asked(NADIA, r, Action("acknowledge")) for r in (unknown, report)])
    assert isinstance(outcome, Refusal)
    assert (outcome.code, outcome.field) == ("unknown_report", "report")
    assert isinstance(done, CaseFile)
