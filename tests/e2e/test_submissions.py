"""From a published submission to its count, as a front end sees it that knows the AsyncAPI document alone."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e import counts
from tests.e2e.tool import codes, front_end, read_stream, submission
from tests.support.system import System, wait_until

Wrong = tuple[Callable[[int], Any], set[tuple[str, str]]]

WRONG: tuple[Wrong, ...] = (
    (lambda n: submission(n, kind="praise"), {("/data/kind", "kind_not_offered")}),
    (lambda n: submission(n, kind="complaint"), {("/data/kind", "not_a_choice")}),
    (lambda n: submission(n, category="voirie/licorne"), {("/data/category", "unknown_category")}),
    (lambda n: submission(n, category="voirie"), {("/data/category", "unknown_category")}),
    (
        lambda n: submission(n, category="mobilier-urbain/cabine-telephonique"),
        {("/data/category", "retired_category")},
    ),
    (lambda n: submission(n, photos=["a", "b", "c", "d", "e"]), {("/data/photos", "too_many")}),
    (lambda n: submission(n, photos=["no-such-photo"]), {("/data/photos/0", "unknown_photo")}),
    (
        lambda n: submission(n, place={"latitude": 91, "longitude": 2}),
        {("/data/place/latitude", "not_on_earth")},
    ),
    (
        lambda n: submission(n, citizen={"first_name": "A", "last_name": "B"}),
        {("/data/citizen/email", "required")},
    ),
    (
        lambda n: submission(n, citizen={"first_name": "A", "last_name": "B", "email": "not an address"}),
        {("/data/citizen/email", "invalid_email")},
    ),
    (lambda n: submission(n, description="   "), {("/data/description", "empty")}),
    (lambda n: submission(n, description="x" * 100_000), {("/data/description", "too_long")}),
    (lambda n: submission(n, description="x" * 300_000), {("", "too_large")}),
    (lambda n: submission(n, surprise=1), {("/data/surprise", "unknown_field")}),
    (lambda n: [], {("/data", "invalid")}),
    (
        lambda n: submission(
            n, kind="praise", category="voirie/licorne", description=" ", photos=["no-such-photo"], surprise=1
        ),
        {
            ("/data/kind", "kind_not_offered"),
            ("/data/category", "unknown_category"),
            ("/data/description", "empty"),
            ("/data/photos/0", "unknown_photo"),
            ("/data/surprise", "unknown_field"),
        },
    ),
    (
        lambda n: submission(n, category="voirie/licorne", photos=["no-such-photo"]),
        {("/data/category", "unknown_category"), ("/data/photos/0", "unknown_photo")},
    ),
    (
        lambda n: submission(n, kind=7, category="mobilier-urbain/cabine-telephonique", photos=["a", 7]),
        {
            ("/data/kind", "not_a_choice"),
            ("/data/category", "retired_category"),
            ("/data/photos/1", "invalid"),
        },
    ),
)


@pytest.mark.parametrize(("make", "expected"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_what_is_wrong_is_said_by_field(
    system: System, make: Callable[[int], Any], expected: set[tuple[str, str]]
) -> None:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        answer = tool.ask(tool.event("submission.sent.v1", make(1)))
    assert answer["type"] == "submission.rejected.v1"
    assert codes(answer) == expected


def test_the_sentence_is_in_the_senders_language(system: System) -> None:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        sent = {
            language: tool.ask(
                tool.event("submission.sent.v1", submission(1, category="x", language=language))
            )
            for language in ("fr", "en")
        }
    words = {language: answer["data"]["errors"][0]["message"] for language, answer in sent.items()}
    assert words["fr"] != words["en"]
    assert "rubrique" in words["fr"]


def test_what_can_be_told_better_than_by_the_code_is(system: System) -> None:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        parent, near, elsewhere = (
            tool.ask(tool.event("submission.sent.v1", submission(1, **changes), **attributes))
            for changes, attributes in (
                ({"category": "voirie", "language": "en"}, {}),
                ({"category": "voirie/nid-de-poules", "language": "en"}, {}),
                ({"language": "en"}, {"town": "arcueil"}),
            )
        )
        tool.publish(b"{}", "no-sender", user_id=None)
        nobody = dict(tool.wait(4))["no-sender"]
    told = [a["data"]["errors"][0]["message"] for a in (parent, near, elsewhere, nobody)]
    wanted = ("choose one of them", "did you mean voirie/nid-de-poule?", "your routing key", "user_id")
    assert [want for want, said in zip(wanted, told, strict=True) if want not in said] == []


def test_a_question_that_the_town_does_not_ask_is_kept_and_shown(system: System) -> None:
    answers = {"couleur": "verte", "danger": "peut-être"}
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        report = tool.ask(tool.event("submission.sent.v1", submission(1, answers=answers)))["data"]["report"]
    shown = "select report->'answers' from case_file where report_id = %s"
    kept = wait_until(lambda: counts.column(system, "routing", shown, report["id"]))
    assert kept == [answers]


def test_answers_that_decide_nothing_are_named_in_the_receipt(system: System) -> None:
    answers = {"couleur": "verte", "danger": "maybe", "a/b": "c"}
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        event = tool.event("submission.sent.v1", submission(1, answers=answers, language="en"))
        answer, again = tool.ask(event), tool.ask(event)
        plain = tool.ask(tool.event("submission.sent.v1", submission(2, answers={"danger": "oui"})))
    assert answer["type"] == "submission.accepted.v1"
    assert answer == again
    told = {w["pointer"]: (w["code"], w["message"]) for w in answer["data"]["warnings"]}
    assert {pointer: code for pointer, (code, _) in told.items()} == {
        "/data/answers/couleur": "unknown_question",
        "/data/answers/danger": "not_a_choice",
        "/data/answers/a~1b": "unknown_question",
    }
    assert "pick one of oui, non" in told["/data/answers/danger"][1]
    assert "warnings" not in plain["data"]


def test_what_counts_is_the_event_and_not_what_its_message_is_called(system: System) -> None:
    unnamed = {"content_type": None, "message_id": None}
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        event = tool.event("submission.sent.v1", submission(1))
        tool.publish(json.dumps(event).encode(), "unnamed", "", **unnamed)
        other = tool.event("submission.sent.v1", submission(2))
        tool.publish(json.dumps(other).encode(), "misnamed", "a.b.v1", content_type="text/plain")
        answers = dict(tool.wait(2))
    assert {name: answer["type"] for name, answer in answers.items()} == dict.fromkeys(
        ("unnamed", "misnamed"), "submission.accepted.v1"
    )


def test_two_thousand_submissions_each_get_their_receipt_and_all_agree(
    new_system: Callable[..., System],
) -> None:
    system = new_system()
    system.start()
    system.apply_town()
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        expected = {
            tool.send(tool.event("submission.sent.v1", data)): wanted for data, wanted in _mixed(2000)
        }
        answers = dict(tool.wait(2000))
    assert set(answers) == set(expected)
    assert {key: codes(answer) for key, answer in answers.items()} == expected
    accepted = sum(answer["type"] == "submission.accepted.v1" for answer in answers.values())
    assert accepted == sum(not wanted for wanted in expected.values())
    _all_agree(system, accepted)


def _mixed(number: int) -> list[tuple[Any, set[tuple[str, str]]]]:
    """Three good ones for each wrong one, French and English, of several categories, some without a place."""
    categories = ("voirie/nid-de-poule", "proprete/depot-sauvage", "eau/fuite", "dechets/bac-casse")
    made: list[tuple[Any, set[tuple[str, str]]]] = []
    for n in range(number):
        if n % 4 == 3:
            make, wanted = WRONG[n // 4 % len(WRONG)]
            made.append((make(n), wanted))
            continue
        more: dict[str, Any] = {"category": categories[n % len(categories)]}
        more |= {"language": "en"} if n % 2 else {}
        more |= {"place": None} if n % 7 == 0 else {}
        made.append((submission(n, **more), set()))
    return made


def _all_agree(system: System, accepted: int) -> None:
    wait_until(
        lambda: counts.quiet(system) and counts.happened(system).get("submitted") == accepted,
        60,
        f"{accepted} submissions are counted",
    )
    assert counts.stored(system) == accepted
    by_target = counts.cases(system)
    assert sum(by_target.values()) == accepted
    counted = wait_until(lambda: _decided(system, accepted), 60, "each decision is counted")
    targets = {"department": "routed", "authority": "forwarded", "triage": "triaged"}
    assert {targets[kind]: n for kind, n in by_target.items()} == {k: counted[k] for k in counted}
    _stream_agrees(system)


def _decided(system: System, accepted: int) -> dict[str, int] | None:
    found = counts.happened(system)
    decided: dict[str, int] = {w: found[w] for w in ("routed", "forwarded", "triaged") if w in found}
    return decided if sum(decided.values()) == accepted and counts.quiet(system) else None


def _stream_agrees(system: System) -> None:
    counted = counts.happened(system)
    facts = read_stream(system.values["ANALYST_AMQP_URL"], sum(counted.values()))
    assert Counter(fact["data"]["happened"] for fact in facts.values()) == counted


def test_the_same_id_a_thousand_times_is_one_report_and_equal_receipts(system: System) -> None:
    """From four connections at once, to two replicas of intake."""
    before = counts.stored(system)
    with system.second("intake"), contextlib.ExitStack() as stack:
        tools = [stack.enter_context(front_end(system.values["FRONT_AMQP_URL"])) for _ in range(4)]
        event = tools[0].event("submission.sent.v1", submission(1))
        for n in range(1000):
            tools[n % 4].send(event)
        answers = [answer for tool in tools for _, answer in tool.wait(250)]
        conflict = tools[0].ask({**event, "data": submission(2)})
    assert len({json.dumps(answer, sort_keys=True) for answer in answers}) == 1
    assert answers[0]["type"] == "submission.accepted.v1"
    assert codes(conflict) == {("/id", "conflict")}
    assert counts.stored(system) == before + 1


def test_a_refused_submission_can_be_corrected_under_the_same_id(system: System) -> None:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        event = tool.event("submission.sent.v1", submission(1, category="x"))
        assert tool.ask(event)["type"] == "submission.rejected.v1"
        assert tool.ask({**event, "data": submission(1)})["type"] == "submission.accepted.v1"


def test_somebody_known_is_registered_once_and_never_overwritten(system: System) -> None:
    person = {"first_name": "Zoé", "last_name": "Première", "email": "zoe.premiere@example.org"}
    other = {"first_name": "Autre", "last_name": "Nom", "email": "Zoe.Premiere@Example.org"}
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        for citizen in (person, other):
            tool.ask(tool.event("submission.sent.v1", submission(1, citizen=citizen)))
    names = "select array_agg(first_name) from citizen where email_key = 'zoe.premiere@example.org'"
    assert counts.scalar(system, "intake", names) == ["Zoé"]


@pytest.mark.parametrize("body", [b"{not json", b"\x80\x04\x95", b"[]", b'{"a": 1}', b"\xff\xfe"])
def test_what_is_no_event_is_refused_and_not_kept(system: System, body: bytes) -> None:
    before = counts.parked(system)
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        tool.publish(body, "x1")
        (_, answer), *_ = tool.wait(1)
    assert answer["type"] == "submission.rejected.v1"
    assert counts.parked(system) == before
