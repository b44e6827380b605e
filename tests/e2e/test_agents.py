"""An agent's tool reads its department's queue; what it does moves the report, is told and counted."""

from __future__ import annotations

import urllib.request
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.e2e import counts
from tests.e2e.tool import Tool, agent_tool, codes, front_end, submission
from tests.support.system import System, wait_until

DESK = "desk.gentilly.voirie"

# What an agent does, what else is said, the state after it, what is told, and what is counted of it.
ACTS: tuple[tuple[str, dict[str, str], str, str, str | None], ...] = (
    ("acknowledged", {}, "acknowledged", "acknowledged", "acknowledged"),
    ("acknowledged", {"text": "Nous passons demain."}, "acknowledged", "acknowledged", "acknowledged"),
    ("noted", {"text": "Voir avec Karim."}, "routed", "noted", None),
    ("returned", {"text": "C'est une route départementale."}, "triage", "triaged", "triaged"),
    ("resolved", {"text": "Le trou est rebouché."}, "resolved", "resolved", "resolved"),
    *(
        (act, {"text": "Nous y sommes allés.", "outcome": outcome}, act, act, act)
        for act, outcomes in (
            ("resolved", ("done", "nothing_found")),
            ("declined", ("not_planned", "not_competent", "duplicate", "invalid")),
        )
        for outcome in outcomes
    ),
)


def _report(system: System, desk: Tool) -> dict[str, Any]:
    """A report that has come to the desk."""
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        answer = tool.ask(tool.event("submission.sent.v1", submission(7)))
    report: dict[str, Any] = answer["data"]["report"]
    assert _next(desk, report)["type"] == "report.routed.v1"
    return report


def _day(days: int) -> str:
    """A day as the contract writes it, so many days from the town's today."""
    return (datetime.now(ZoneInfo("Europe/Paris")).date() + timedelta(days=days)).isoformat()


def _next(desk: Tool, report: dict[str, Any]) -> dict[str, Any]:
    """The next event about this report; the desk may get others in between."""
    while (event := desk.take(DESK, 1)[0])["data"]["report"]["id"] != report["id"]:
        pass
    return event


def _plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def _act(desk: Tool, what: str, report: dict[str, Any], **more: Any) -> dict[str, Any]:
    data = {"report": report["id"], "agent": "Nadia", **more}
    return desk.ask(desk.event(f"agent.{what}.v1", data))


def test_a_report_is_taken_up_and_resolved(system: System) -> None:
    mails = len(system.ground.mailbox.mails())
    before = counts.happened(system)
    with agent_tool(system.values["AGENT_AMQP_URL"]) as desk:
        report = _report(system, desk)
        taken = _act(desk, "acknowledged", report)
        done = _act(desk, "resolved", report, text="Le trou est rebouché.", outcome="done")
        told = [_next(desk, report)["type"] for _ in range(2)]
    assert (taken["type"], taken["data"]["state"]) == ("action.accepted.v1", "acknowledged")
    assert (done["type"], done["data"]["state"]) == ("action.accepted.v1", "resolved")
    assert told == ["report.acknowledged.v1", "report.resolved.v1"]
    wait_until(lambda: counts.happened(system).get("resolved", 0) == before.get("resolved", 0) + 1)
    wait_until(lambda: len(system.ground.mailbox.mails()) >= mails + 4, 30, "four mails are there")
    assert "Le trou est rebouché." in _mails_since(system, mails)


@pytest.mark.parametrize(("act", "said", "state", "told", "counted"), ACTS)
def test_each_act_is_accepted_told_and_counted(
    system: System, act: str, said: dict[str, str], state: str, told: str, counted: str | None
) -> None:
    with agent_tool(system.values["AGENT_AMQP_URL"]) as desk:
        report = _report(system, desk)
        before = counts.happened(system).get(counted or "", 0)
        answer = _act(desk, act, report, **said)
        event = _next(desk, report)
    assert (answer["type"], answer["data"]["state"]) == ("action.accepted.v1", state)
    assert event["type"] == f"report.{told}.v1"
    assert event["data"].get("outcome", "done") == said.get("outcome", "done")
    assert said.get("text", "") in str(event["data"])
    if counted:
        wait_until(lambda: counts.happened(system).get(counted, 0) > before, what=f"{counted} is counted")


def test_planned_work_is_told_with_its_day_everywhere(system: System) -> None:
    mails = len(system.ground.mailbox.mails())
    before = counts.happened(system).get("planned", 0)
    first, later = _day(10), f"{int(_day(0)[:4]) + 1}-11-30"
    with agent_tool(system.values["AGENT_AMQP_URL"]) as desk:
        report = _report(system, desk)
        answers = [_act(desk, "planned", report, planned_for=day) for day in (first, later)]
        told = [_next(desk, report) for _ in answers]
    assert [answer["data"]["state"] for answer in answers] == ["planned", "planned"]
    assert [(e["type"], e["data"]["planned_for"]) for e in told] == [
        ("report.planned.v1", first),
        ("report.planned.v1", later),
    ]
    wait_until(lambda: counts.happened(system).get("planned", 0) == before + 2, what="both are counted")
    _planned_day_is_shown(system, report, later, mails)


def _planned_day_is_shown(system: System, report: dict[str, Any], day: str, mails: int) -> None:
    words = f"30 novembre {day[:4]}"
    wait_until(lambda: words in _page(report["tracking_url"]), what="the page says the day")
    wait_until(lambda: words in _mails_since(system, mails), what="a mail says the day")
    assert f"planifié (30/11/{day[:4]})" in system.vigie("routing", "explain", report["reference"])
    assert day in system.vigie("report", "show", report["reference"], "--json")
    assert system.vigie("report", "show", report["reference"])


def _page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return str(answer.read().decode())


def _mails_since(system: System, number: int) -> str:
    return "\n".join(_plain(mail) for mail in system.ground.mailbox.mails()[number:])


@pytest.mark.parametrize(
    ("days", "words"), [(-2, "passée"), (4000, "dix ans")], ids=["in the past", "too far ahead"]
)
def test_work_is_planned_for_a_day_to_come(system: System, days: int, words: str) -> None:
    with agent_tool(system.values["AGENT_AMQP_URL"]) as desk:
        report = _report(system, desk)
        refused = _act(desk, "planned", report, planned_for=_day(days))
        accepted = _act(desk, "planned", report, planned_for=_day(0))
    assert codes(refused) == {("/data/planned_for", "out_of_range")}
    assert words in refused["data"]["errors"][0]["message"]
    assert accepted["data"]["state"] == "planned"


def test_what_cannot_be_is_refused_with_the_reason(system: System) -> None:
    with agent_tool(system.values["AGENT_AMQP_URL"]) as desk:
        report = _report(system, desk)
        no_text = _act(desk, "resolved", report)
        unknown = _act(desk, "acknowledged", {"id": "01890000-0000-7000-8000-000000000000"})
        no_id = _act(desk, "acknowledged", {"id": report["reference"]})
        _act(desk, "declined", report, text="Pas prévu cette année.", outcome="not_planned")
        too_late = _act(desk, "acknowledged", report)
    assert codes(no_text) == {("/data/text", "required")}
    assert codes(unknown) == codes(no_id) == {("/data/report", "unknown_report")}
    assert too_late["type"] == "action.rejected.v1"
    assert "clos sans suite" in too_late["data"]["errors"][0]["message"]


def test_the_same_action_twice_is_done_once_and_answered_twice(system: System) -> None:
    with agent_tool(system.values["AGENT_AMQP_URL"]) as desk:
        report = _report(system, desk)
        event = desk.event("agent.acknowledged.v1", {"report": report["id"], "agent": "Nadia"})
        assert desk.ask(event) == desk.ask(event)
    done = "select count(*) from event where subject = %s and type = 'report.acknowledged.v1'"
    assert counts.scalar(system, "routing", done, report["id"]) == 1


def test_a_report_given_back_goes_to_triage(system: System) -> None:
    with agent_tool(system.values["AGENT_AMQP_URL"]) as desk:
        report = _report(system, desk)
        back = _act(desk, "returned", report, text="C'est une route départementale.")
        gone = _next(desk, report)
        again = _act(desk, "acknowledged", report)
    assert back["data"]["state"] == "triage"
    assert gone["type"] == "report.triaged.v1"
    assert gone["data"]["clocks"].keys() == {"acknowledge_by", "resolve_by"}
    assert again["type"] == "action.rejected.v1"
