"""What keyboards and programs make of a text is taken as it was meant, from the front end to the mail."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e import counts
from tests.e2e.tool import agent_tool, codes, front_end, submission
from tests.support.system import System, wait_until


def test_line_ends_and_a_language_with_its_region_are_taken(system: System) -> None:
    odd = {"description": "A hole\rby the school\u2028gate\r", "language": "en-GB"}
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        report = tool.ask(tool.event("submission.sent.v1", submission(1, **odd)))["data"]["report"]
    kept = "select array[description, language] from report where id = %s"
    assert counts.scalar(system, "intake", kept, report["id"]) == ["A hole\nby the school\ngate", "en"]
    wait_until(
        lambda: any(report["reference"] in str(m["Subject"]) for m in system.ground.mailbox.mails()),
        30,
        "the receipt is mailed",
    )
    subjects = [str(m["Subject"]) for m in system.ground.mailbox.mails()]
    assert all("signalement" not in s for s in subjects if report["reference"] in s)


@pytest.mark.parametrize("language", ["en-GB", "EN", "en_US"])
def test_errors_come_in_the_senders_language_with_its_region(system: System, language: str) -> None:
    wrong: list[dict[str, Any]] = [{"category": "x"}, {"description": "\u200b"}]
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        answers = [
            tool.ask(tool.event("submission.sent.v1", submission(1, language=language, **change)))
            for change in wrong
        ]
    assert [codes(answer) for answer in answers] == [
        {("/data/category", "unknown_category")},
        {("/data/description", "empty")},
    ]
    assert [a["data"]["errors"][0]["message"].startswith(("There is", "This is")) for a in answers] == [
        True
    ] * 2


def test_an_agents_answer_that_nobody_sees_is_no_answer(system: System) -> None:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        report = tool.ask(tool.event("submission.sent.v1", submission(7)))["data"]["report"]
    with agent_tool(system.values["AGENT_AMQP_URL"]) as desk:
        desk.take("desk.gentilly.voirie", 1)
        said = {"report": report["id"], "agent": "Nadia", "text": "\u2060\u3164 \u2800"}
        refused = desk.ask(desk.event("agent.resolved.v1", said))
    assert codes(refused) == {("/data/text", "empty")}
