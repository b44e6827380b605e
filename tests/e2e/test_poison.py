"""Bad messages in the real queues: each is refused or parked with its cause, and no neighbour is harmed."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pika
import pytest

from shared import ids
from tests.e2e import counts, wire
from tests.e2e.tool import Tool, codes, front_end, submission
from tests.support import reports
from tests.support.system import System, wait_until

GOOD = 99
SENT = ("citizen.in", "gentilly.submission")
SUBMITTED = ("events", "gentilly.report.submitted.v1")
TEXT = "x" * 1_000_000
PICKLE = {"content_type": "application/x-python-serialize", "content_encoding": "binary"}
UNANSWERED = "refused, and its sender waits for no answer: "

Row = dict[str, Any]


def _submission(**attributes: Any) -> bytes:
    about = {"specversion": "1.0", "source": "urn:tool:poison", "town": "gentilly", "data": submission(1)}
    said = {"id": ids.new_id(), "type": "submission.sent.v1", "time": "2026-11-22T10:00:00Z"}
    return json.dumps({**about, **said, **attributes}).encode()


# Name → body, properties, cause when parked. Nobody waits for an answer to these.
SUBMISSIONS: Mapping[str, tuple[bytes, Mapping[str, Any], str]] = {
    "not JSON": (b'{"id": "Ada', {}, UNANSWERED + "malformed at /"),
    "a pickle": (pickle.dumps({"id": 1}), PICKLE, UNANSWERED + "malformed at /"),
    "an unknown type": (_submission(type="submission.sung.v1"), {}, UNANSWERED + "unknown_type at /type"),
    "an unknown version": (
        _submission(type="submission.sent.v9"),
        {},
        UNANSWERED + "unknown_version at /type",
    ),
    "a text of 1 MB": (_submission(data=submission(1, description=TEXT)), {}, UNANSWERED + "too_large at /"),
    "nobody's": (_submission(), {"user_id": None}, UNANSWERED + "not_allowed at /"),
    "an answer for others": (
        _submission(),
        {"reply_to": "desk.gentilly.voirie"},
        "reply_to is not a direct reply-to",
    ),
    "an answer for itself": (
        _submission(),
        {"reply_to": "intake.submissions"},
        "reply_to is not a direct reply-to",
    ),
}

FACTS: Mapping[str, tuple[bytes, Mapping[str, Any], str]] = {
    "not JSON": (b'{"id": "Ada', {}, "unreadable: /"),
    "a pickle": (pickle.dumps({"id": 1}), PICKLE, "unreadable: /"),
    "an unknown type": (_submission(type="report.sung.v1"), {}, "unknown type of event"),
    "another's type": (_submission(type="agent.noted.v1"), {}, "agent.noted.v1 is not for this consumer"),
    "an unknown version": (
        _submission(type="report.submitted.v9"),
        {},
        "unknown major version of report.submitted",
    ),
    "no report": (_submission(type="report.submitted.v1", data={}), {}, "unreadable: /data/report"),
    "nobody's": (
        reports.event("submitted").encode(),
        {"user_id": None},
        "the message has no user_id, so nobody vouches for it",
    ),
}
TAKERS = ("routing", "notification", "analytics")


@pytest.fixture(autouse=True)
def clean(system: System) -> Iterator[None]:
    """Nothing is parked before, and nothing is left behind."""
    if counts.parked(system):
        system.vigie("parked", "drop", "--all", "--yes")
    yield
    if counts.parked(system):
        system.vigie("parked", "drop", "--all", "--yes")


def _parked(system: System) -> list[Row]:
    waiting: list[Row] = json.loads(system.vigie("parked", "list", "--json"))
    return waiting


def test_bad_submissions_are_parked_and_99_good_ones_have_their_receipts(system: System) -> None:
    stored, bad = counts.stored(system), list(SUBMISSIONS.values())
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        for n in range(GOOD):
            tool.send(tool.event("submission.sent.v1", submission(n)))
            if n % 10 == 5 and n // 10 < len(bad):
                body, properties, _ = bad[n // 10]
                tool.publish(body, f"poison-{n}", **{"reply_to": None, **properties})
        answers = tool.wait(GOOD)
        wait_until(lambda: counts.parked(system) == len(bad), what="the bad ones are parked")
    assert [answer["type"] for _, answer in answers] == ["submission.accepted.v1"] * GOOD
    assert counts.stored(system) == stored + GOOD
    assert sorted(row["cause"] for row in _parked(system)) == sorted(cause for _, _, cause in bad)
    assert {row["queue"] for row in _parked(system)} == {"intake.submissions"}


def test_bad_facts_are_parked_by_each_service_and_99_good_ones_are_taken(system: System) -> None:
    cases, counted, bad = sum(counts.cases(system).values()), counts.happened(system), list(FACTS.values())
    mails = "select count(*) from delivery where template = 'receipt'"
    ledger = counts.scalar(system, "notification", mails)
    with wire.channel(system.values["INTAKE_AMQP_URL"]) as channel:
        for n in range(GOOD):
            wire.publish(channel, "vigie-intake", *SUBMITTED, reports.event("submitted").encode())
            if n % 10 == 5 and n // 10 < len(bad):
                body, properties, _ = bad[n // 10]
                wire.publish(channel, "vigie-intake", *SUBMITTED, body, **properties)
    wait_until(lambda: counts.parked(system) == len(bad) * len(TAKERS), what="the bad ones are parked")
    wait_until(lambda: sum(counts.cases(system).values()) == cases + GOOD, what="the good ones are routed")
    wait_until(lambda: counts.happened(system)["submitted"] == counted.get("submitted", 0) + GOOD)
    wait_until(lambda: counts.scalar(system, "notification", mails) == ledger + GOOD)
    expected = sorted((taker, cause) for taker in TAKERS for _, _, cause in bad)
    assert sorted((row["service"], row["cause"]) for row in _parked(system)) == expected


@pytest.mark.parametrize(
    ("who", "user", "where"),
    [
        ("FRONT", "vigie-intake", SENT),
        ("FRONT", "exemple-web", SENT),
        ("AGENT", "gentilly-proprete", ("desk.in", "gentilly.voirie")),
        ("INTAKE", "vigie-routing", SUBMITTED),
    ],
)
def test_a_forged_sender_is_refused_by_the_broker(
    system: System, who: str, user: str, where: tuple[str, str]
) -> None:
    assert wire.objection(system.values[f"{who}_AMQP_URL"], user, *where, _submission()) == 406


def test_a_text_of_a_mebibyte_does_not_pass_the_broker(system: System) -> None:
    body = _submission(data=submission(1, description="x" * 1024 * 1024))
    assert wire.objection(system.values["FRONT_AMQP_URL"], "gentilly-web", *SENT, body) == 406


@pytest.mark.parametrize(
    "value",
    ["a\x00b", "\ud800", "\ufffe\uffff\u202e", "[" * 50_000, "😀" * 4000],
    ids=lambda value: ascii(value)[:20],
)
def test_odd_texts_are_taken_or_refused_but_never_without_an_answer(system: System, value: str) -> None:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        answers = [
            tool.ask(tool.event("submission.sent.v1", submission(1, **{field: value})))
            for field in ("description", "category")
        ]
        nested = b'{"id": "n", "data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        tool.publish(nested, "nested")
        tool.wait(len(tool.answers) + 1)
    assert answers[1]["type"] == "submission.rejected.v1"
    assert tool.answers[-1][1]["type"] == "submission.rejected.v1"
    assert counts.parked(system) == 0


def test_answers_for_others_are_never_written(system: System) -> None:
    """Intake may publish on the default exchange, so a forged address could fill any queue."""
    admin = pika.BlockingConnection(pika.URLParameters(system.values["ADMIN_AMQP_URL"]))
    try:
        spied = admin.channel()
        victim = spied.queue_declare("", exclusive=True).method.queue
        with front_end(system.values["FRONT_AMQP_URL"]) as tool:
            for n, body in enumerate((_submission(), b"{not json", _submission(data={}))):
                tool.publish(body, f"forged-{n}", reply_to=victim)
            assert (
                tool.ask(tool.event("submission.sent.v1", submission(1)))["type"] == "submission.accepted.v1"
            )
        wait_until(lambda: counts.parked(system) == 3)
        assert spied.queue_declare(victim, passive=True).method.message_count == 0
    finally:
        admin.close()


def test_parked_messages_are_listed_shown_replayed_and_dropped(system: System) -> None:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        _park_two(tool)
    wait_until(lambda: counts.parked(system) == 2)
    first, second = sorted(_parked(system), key=lambda row: row["message_id"])
    assert (first["service"], first["sender"], first["town"]) == ("intake", tool.user, None)
    shown = json.loads(system.vigie("parked", "show", second["id"]))
    assert shown["body"]["data"]["citizen"] == {
        "first_name": "(7 characters)",
        "last_name": "(13 characters)",
        "email": "(21 characters)",
    }
    assert orjson.loads(system.vigie("parked", "show", second["id"], "--raw"))["data"]["surprise"] == 1
    assert re.fullmatch(rf"{first['id']} dropped \(intake\)\n", system.vigie("parked", "drop", first["id"]))
    _replay_in_vain(system, second)
    with pytest.raises(Exception, match="no parked message has the id"):
        system.vigie("parked", "show", first["id"])


def _park_two(tool: Tool) -> None:
    tool.publish(b"{not json", "park-1", reply_to=None)
    tool.publish(_submission(data=submission(1, surprise=1)), "park-2", reply_to=None)


def _replay_in_vain(system: System, row: Row) -> None:
    """What nobody has cured comes back, as often as one likes, and is kept no longer for it."""
    assert "replayed" in system.vigie("parked", "replay", row["id"])
    again = wait_until(lambda: _parked(system), what="it is parked again")
    assert [(r["cause"], r["queue"], r["bytes"]) for r in again] == [
        (row["cause"], row["queue"], row["bytes"])
    ]
    assert again[0]["parked_at"] == row["parked_at"]


def test_a_refused_submission_is_told_what_is_wrong_and_parked_nowhere(system: System) -> None:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        for name, (body, properties, cause) in SUBMISSIONS.items():
            if "reply_to" in properties:
                continue
            tool.publish(body, name, **properties)
            answer = tool.wait(len(tool.answers) + 1)[-1][1]
            [(pointer, code)] = codes(answer)
            assert cause == f"{UNANSWERED}{code} at {pointer or '/'}"
    assert counts.parked(system) == 0
