"""What an author does on the page of a report reaches the department's desk, which acts on it again."""

from __future__ import annotations

import urllib.parse
import urllib.request
from typing import Any

from tests.e2e import counts
from tests.e2e.tool import Tool, agent_tool, front_end, submission
from tests.support.system import System, wait_until

DESK = "desk.gentilly.voirie"


def _report(system: System) -> dict[str, Any]:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        report: dict[str, Any] = tool.ask(tool.event("submission.sent.v1", submission(7)))["data"]["report"]
    return report


def _next(desk: Tool, report: dict[str, Any]) -> dict[str, Any]:
    """The next event about this report; the desk may get others in between."""
    while (event := desk.take(DESK, 1)[0])["data"]["report"]["id"] != report["id"]:
        pass
    return event


def _act(desk: Tool, what: str, report: dict[str, Any], **more: Any) -> str:
    """What routing answers: the state from now on."""
    data = {"report": report["id"], "agent": "Nadia", **more}
    return str(desk.ask(desk.event(f"agent.{what}.v1", data))["data"].get("state"))


def _press(report: dict[str, Any], path: str, **fields: str) -> None:
    body = urllib.parse.urlencode(fields).encode()
    with urllib.request.urlopen(f"{report['tracking_url']}/{path}", body, timeout=60) as page:
        assert page.status == 200


def _is_shown(system: System, report: dict[str, Any], state: str) -> None:
    known = "select count(*) from follow_up where report_id = %s and state = %s"
    wait_until(lambda: counts.scalar(system, "intake", known, report["id"], state), what=f"{state} is known")


def _more(before: dict[str, int], now: dict[str, int]) -> set[str]:
    return {name for name, number in now.items() if number > before.get(name, 0)}


def test_what_is_not_settled_is_on_the_desk_again(system: System) -> None:
    with agent_tool(system.values["AGENT_AMQP_URL"]) as desk:
        report = _report(system)
        assert _next(desk, report)["type"] == "report.routed.v1"
        assert _act(desk, "resolved", report, text="Rebouché.", outcome="done") == "resolved"
        assert _next(desk, report)["type"] == "report.resolved.v1"
        _is_shown(system, report, "resolved")
        before = counts.happened(system)
        _press(report, "avis", satisfied="false")
        _press(report, "rouvrir", text="Le trou est revenu.")
        reopened = _next(desk, report)
        assert (reopened["type"], reopened["data"]["text"]) == ("report.reopened.v1", "Le trou est revenu.")
        assert reopened["data"]["clocks"]["resolve_by"]
        assert _act(desk, "acknowledged", report) == "acknowledged"
    wait_until(
        lambda: _more(before, counts.happened(system)) >= {"rated", "reopened"}, what="both are counted"
    )


def test_what_is_withdrawn_cannot_be_acted_on_any_more(system: System) -> None:
    with agent_tool(system.values["AGENT_AMQP_URL"]) as desk:
        report = _report(system)
        assert _next(desk, report)["type"] == "report.routed.v1"
        _is_shown(system, report, "routed")
        _press(report, "completer", text="Il est deux fois plus large.")
        _press(report, "retirer", reason="gone")
        told = [_next(desk, report) for _ in range(2)]
        assert [event["type"] for event in told] == ["report.completed.v1", "report.withdrawn.v1"]
        assert told[0]["data"]["text"] == "Il est deux fois plus large."
        assert _act(desk, "resolved", report, text="Rebouché.", outcome="done") == "None"
