"""What says the same under the same id is the same request; an id of ours is known however it is spelt."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import psycopg
import pytest

from services.intake.settings import IntakeSettings
from tests.e2e import counts
from tests.e2e.tool import agent_tool, codes, front_end, submission
from tests.support.system import System

LATER: tuple[dict[str, Any], ...] = (
    {"photos": []},
    {"description": "Trou n° 1 devant l'école\n"},
    {"description": " Trou n° 1 devant l'école\r\n"},
    {"answers": {}, "consent": {"share_contact": False}},
    {"citizen": {"first_name": "Prénom1 ", "last_name": "Nomdefamille1", "email": "personne1@example.org"}},
)


@pytest.mark.parametrize("change", LATER, ids=[str(n) for n in range(len(LATER))])
def test_the_same_with_other_words_for_nothing_gets_the_same_receipt(
    system: System, change: dict[str, Any]
) -> None:
    before = counts.stored(system)
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        event = tool.event("submission.sent.v1", submission(1))
        first, again = tool.ask(event), tool.ask({**event, "data": submission(1, **change)})
    assert first == again
    assert counts.stored(system) == before + 1


def test_another_word_is_a_conflict_still(system: System) -> None:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        event = tool.event("submission.sent.v1", submission(1))
        tool.ask(event)
        other = tool.ask({**event, "data": submission(1, description="Trou n° 1, devant l'école")})
    assert codes(other) == {("/id", "conflict")}


def test_a_submission_of_the_first_release_is_still_known(system: System) -> None:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        event = tool.event("submission.sent.v1", submission(1, photos=[]))
        first = tool.ask(event)
        _as_the_first_release_kept_it(system, event)
        again, other = tool.ask(event), tool.ask({**event, "data": submission(2)})
    assert first == again
    assert codes(other) == {("/id", "conflict")}


def _as_the_first_release_kept_it(system: System, event: dict[str, Any]) -> None:
    """Its fingerprint was made of the data as they were sent."""
    key = IntakeSettings("", system.values["INTAKE_SECRET"]).fingerprint_key
    said = json.dumps(
        [event["type"], event["data"]], sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    kept = hashlib.blake2b(said.encode(), key=key[:64], digest_size=16).digest()
    with psycopg.connect(system.values["INTAKE_DATABASE_URL"]) as conn:
        done = conn.execute(
            "update inbox set fingerprint = %s where event_id = %s and fingerprint <> %s",
            (kept, event["id"], kept),
        )
    assert done.rowcount == 1


def test_a_report_is_known_by_its_id_in_capitals_and_in_braces(system: System) -> None:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        report = tool.ask(tool.event("submission.sent.v1", submission(7)))["data"]["report"]
    with agent_tool(system.values["AGENT_AMQP_URL"]) as desk:
        desk.take("desk.gentilly.voirie", 1)
        loud = desk.event("agent.acknowledged.v1", {"report": report["id"].upper(), "agent": "Nadia"})
        taken = desk.ask(loud)
        same = desk.ask({**loud, "data": {"report": report["id"], "agent": "Nadia"}})
        braces = {"report": f"{{{report['id']}}}", "agent": "Nadia", "text": "Rebouché."}
        done = desk.ask(desk.event("agent.resolved.v1", braces))
    assert taken == same
    assert [a["data"].get("state") for a in (taken, done)] == ["acknowledged", "resolved"]
    assert done["data"]["report"]["id"] == report["id"]
