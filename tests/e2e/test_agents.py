"""An agent's tool reads its department's queue; what it does moves the report, is told and counted."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from tests.e2e import counts
from tests.e2e.tool import Tool, agent_tool, codes, front_end, submission
from tests.support.system import System, wait_until

DESK = "desk.gentilly.voirie"


def _report(system: System, desk: Tool) -> dict[str, Any]:
    """A report that has come to the desk."""
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        answer = tool.ask(tool.event("submission.sent.v1", submission(7)))
    report: dict[str, Any] = answer["data"]["report"]
    assert _next(desk, report)["type"] == "report.routed.v1"
    return report


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
    texts = [_plain(mail) for mail in system.ground.mailbox.mails()[mails:]]
    assert any("Le trou est rebouché." in text for text in texts)


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
    assert "non retenu" in too_late["data"]["errors"][0]["message"]


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
