"""A place in words, without a point: taken, routed by its category or put in triage, and told everywhere."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest

from tests.e2e import counts
from tests.e2e.tool import agent_tool, front_end, submission
from tests.support.system import System, wait_until

ADDRESS = "12 rue Charles-Frérot, derrière l'école"
WORDS = "Charles-Frérot"


def _send(system: System, **changes: Any) -> dict[str, Any]:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        answer = tool.ask(tool.event("submission.sent.v1", submission(1, **changes)))
    assert answer["type"] == "submission.accepted.v1", answer
    report: dict[str, Any] = answer["data"]["report"]
    return report


def _mailed(system: System, report: dict[str, Any], to: str, number: int) -> list[str]:
    """The texts of the mails about a report, once there are `number` of them."""

    def found() -> list[str]:
        mails = [m for m in system.ground.mailbox.mails() if report["reference"] in str(m["Subject"])]
        bodies = [m.get_body(("plain",)) for m in mails if to in str(m["To"])]
        return [str(body.get_content()) for body in bodies if body]

    wait_until(lambda: len(found()) >= number, 60, f"{number} mails about {report['reference']}")
    return found()


@pytest.mark.parametrize("point", [{}, {"latitude": None, "longitude": None}], ids=["left out", "null"])
def test_it_is_routed_by_its_category_and_told_to_desk_citizen_and_page(
    system: System, point: dict[str, None]
) -> None:
    report = _send(system, place={**point, "address": ADDRESS}, category="tranquillite/animal-errant")
    state = "select array[state, target] from case_file where report_id = %s"
    wait_until(lambda: counts.column(system, "routing", state, report["id"]))
    assert counts.scalar(system, "routing", state, report["id"]) == ["routed", "police-municipale"]
    told = "select body->'data'->'report' from event where subject = %s and type = 'report.routed.v1'"
    routed = counts.scalar(system, "routing", told, report["id"])
    assert (routed["place"], routed["address"]) == (None, ADDRESS)
    assert all(WORDS in mail for mail in _mailed(system, report, "personne1@", 2))
    with urllib.request.urlopen(report["tracking_url"], timeout=60) as page:
        assert WORDS in page.read().decode()


def test_it_is_handed_over_to_an_authority_with_its_words(system: System) -> None:
    report = _send(system, place={"address": ADDRESS}, category="eau/fuite")
    (handed,) = _mailed(system, report, "eau-seine-bievre@", 1)
    assert WORDS in handed
    assert "openstreetmap" not in handed
    assert "WGS" not in handed


def test_it_is_counted_as_a_report_without_a_place(system: System) -> None:
    before = counts.happened(system).get("submitted", 0)
    _send(system, place={"address": ADDRESS})
    wait_until(lambda: counts.happened(system).get("submitted", 0) == before + 1)
    cells = "select cell from fact where happened = 'submitted' order by sequence desc limit 1"
    assert counts.scalar(system, "analytics", cells) is None


def test_another_department_and_report_show_cope_with_it(system: System) -> None:
    report = _send(system, place={"address": ADDRESS}, category="tranquillite/animal-errant")
    url = system.values["AGENT_AMQP_URL"]
    state = "select target from case_file where report_id = %s"
    wait_until(lambda: counts.column(system, "routing", state, report["id"]))
    shown = json.loads(system.vigie("report", "show", report["reference"], "--json"))
    assert shown["reference"] == report["reference"]
    with agent_tool(url) as desk:  # another department's: it is told so, and nothing falls over
        acted = {"report": report["id"], "agent": "Nadia"}
        answer = desk.ask(desk.event("agent.acknowledged.v1", acted))
    assert answer["data"]["errors"][0]["code"] == "wrong_department"


def test_triage_says_that_the_point_is_missing(system: System) -> None:
    """For a pothole it depends on the road whose business it is."""
    report = _send(system, place={"address": ADDRESS}, category="voirie/nid-de-poule")
    why = "select array[state, reason->>'en'] from case_file where report_id = %s"
    wait_until(lambda: counts.column(system, "routing", why, report["id"]))
    state, reason = counts.scalar(system, "routing", why, report["id"])
    assert (state, "the point on the map is missing" in reason) == ("triage", True)
