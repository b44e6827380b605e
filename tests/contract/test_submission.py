"""Submissions from outside: whatever comes is taken as it was meant, or refused with its pointer and code."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from marshmallow import ValidationError

from shared.contracts import errors
from shared.contracts.envelope import decode
from shared.contracts.front_end import SubmissionSentV1
from shared.contracts.sentences import SENTENCES
from tests.contract import strategies
from tests.contract.examples import example

SCHEMA = SubmissionSentV1()
GOOD = example("submission.sent.v1").data
SUBMISSIONS = strategies.objects(SCHEMA)
calm = settings(deadline=None, suppress_health_check=list(HealthCheck))


def body(data: Any) -> bytes:
    """A submission with this data, as it comes from the broker."""
    envelope = {"specversion": "1.0", "id": "1", "source": "urn:a", "type": "submission.sent.v1"}
    return orjson.dumps(envelope | {"town": "gentilly", "time": "2026-11-22T10:00:00Z", "data": data})


def problems(data: Any, language: str = "fr") -> list[dict[str, str]]:
    """What intake would answer; nothing if it takes the submission."""
    try:
        errors.load_data(SCHEMA, decode(body(data)).data)
    except ValidationError as error:
        return errors.explain(error, language)
    return []


@calm
@given(SUBMISSIONS)
def test_any_submission_survives_the_journey(data: dict[str, Any]) -> None:
    taken = errors.load_data(SCHEMA, decode(body(data)).data)
    assert errors.load_data(SCHEMA, decode(body(taken)).data) == taken
    assert set(data) <= set(taken)


@calm
@given(strategies.spoilt(SUBMISSIONS) | strategies.JUNK)
def test_any_spoilt_submission_is_taken_or_explained(data: Any) -> None:
    for language in ("fr", "en"):
        for problem in problems(data, language):
            assert problem["pointer"].startswith("/data")
            assert problem["code"] in SENTENCES


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"kind": "complaint"}, "/data/kind", "not_a_choice"),
        ({"kind": None}, "/data/kind", "required"),
        ({"kind": ["problem"]}, "/data/kind", "not_a_choice"),
        ({"language": "de"}, "/data/language", "not_a_choice"),
        ({"description": ""}, "/data/description", "empty"),
        ({"description": " \r\n\t "}, "/data/description", "empty"),
        ({"description": "x" * 4001}, "/data/description", "too_long"),
        ({"description": "x" * 100_000}, "/data/description", "too_long"),
        ({"description": "nothing \x00"}, "/data/description", "invalid_characters"),
        ({"description": "bell \x07"}, "/data/description", "invalid_characters"),
        ({"description": 12}, "/data/description", "invalid"),
        ({"category": ""}, "/data/category", "empty"),
        ({"photos": ["1", "2", "3", "4", "5"]}, "/data/photos", "too_many"),
        ({"photos": ["1"] * 100_000}, "/data/photos", "too_many"),
        ({"photos": ["1", 2]}, "/data/photos/1", "invalid"),
        ({"photos": {"0": "1"}}, "/data/photos", "invalid"),
        ({"place": {"latitude": 95, "longitude": 2}}, "/data/place/latitude", "not_on_earth"),
        ({"place": {"latitude": 48, "longitude": -181}}, "/data/place/longitude", "not_on_earth"),
        ({"place": {"latitude": 0, "longitude": 0.0}}, "/data/place", "not_on_earth"),
        ({"place": {"latitude": "48.8", "longitude": 2}}, "/data/place/latitude", "not_a_number"),
        ({"place": {"latitude": True, "longitude": 2}}, "/data/place/latitude", "not_a_number"),
        ({"place": {"latitude": 10**18, "longitude": 2}}, "/data/place/latitude", "not_on_earth"),
        ({"place": {"latitude": 48}}, "/data/place/longitude", "required"),
        ({"place": {"longitude": 2, "address": "rue"}}, "/data/place/latitude", "required"),
        ({"place": {"latitude": 0, "longitude": None}}, "/data/place/longitude", "required"),
        ({"place": {}}, "/data/place", "empty"),
        ({"place": {"address": None}}, "/data/place", "empty"),
        ({"place": {"latitude": None, "longitude": None}}, "/data/place", "empty"),
        ({"place": {"address": " "}}, "/data/place/address", "empty"),
        ({"place": {"address": "x" * 301}}, "/data/place/address", "too_long"),
        ({"place": {"latitude": 48, "longitude": 2, "z": 1}}, "/data/place/z", "unknown_field"),
        ({"answers": {str(n): "a" for n in range(21)}}, "/data/answers", "too_many"),
        ({"answers": {"q": "x" * 1001}}, "/data/answers/q", "too_long"),
        ({"answers": {"q": None}}, "/data/answers/q", "required"),
        ({"answers": []}, "/data/answers", "invalid"),
        ({"photos": None}, "/data/photos", "required"),
        ({"citizen": None}, "/data/citizen", "required"),
        ({"consent": {"share_contact": "yes"}}, "/data/consent/share_contact", "invalid"),
        ({"consent": {"share_contact": 1}}, "/data/consent/share_contact", "invalid"),
        ({"urgent": True}, "/data/urgent", "unknown_field"),
    ],
)
def test_error_has_its_pointer_and_code(change: dict[str, Any], pointer: str, code: str) -> None:
    assert [(p["pointer"], p["code"]) for p in problems(GOOD | change)] == [(pointer, code)]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"email": "ada"}, "/data/citizen/email", "invalid_email"),
        ({"email": "ada@example.org\nBcc: b@example.org"}, "/data/citizen/email", "invalid_email"),
        ({"email": "x" * 250 + "@example.org"}, "/data/citizen/email", "too_long"),
        ({"email": "ada@[127.0.0.1]"}, "/data/citizen/email", "invalid_email"),
        ({"first_name": "Ada\r\nBcc: b@example.org"}, "/data/citizen/first_name", "invalid_characters"),
        ({"first_name": "x" * 101}, "/data/citizen/first_name", "too_long"),
        ({"last_name": " "}, "/data/citizen/last_name", "empty"),
        ({"last_name": "\u202enitraM"}, "/data/citizen/last_name", "invalid_characters"),
        ({"phone": "0145000000"}, "/data/citizen/phone", "unknown_field"),
    ],
)
def test_error_about_the_citizen_is_at_its_field(change: dict[str, Any], pointer: str, code: str) -> None:
    found = problems(GOOD | {"citizen": GOOD["citizen"] | change})
    assert [(p["pointer"], p["code"]) for p in found] == [(pointer, code)]


def test_nothing_that_was_sent_is_repeated() -> None:
    secret = "Zzyzx-7731"
    spoilt = {
        "kind": secret,
        "category": secret + "\x07",
        "description": secret + "\x07",
        "place": {"latitude": secret, "longitude": secret},
        "photos": [secret + " "],
        "citizen": {"first_name": secret + "\n" + secret, "last_name": [secret], "email": secret},
    }
    assert len(problems(spoilt)) == 9
    assert secret not in repr(problems(spoilt)) + repr(problems(spoilt, "en"))


def test_web_form_s_line_breaks_and_margins_are_put_right() -> None:
    data = GOOD | {"description": "  une ligne\r\nune autre \n"}
    assert errors.load_data(SCHEMA, data)["description"] == "une ligne\nune autre"


def test_longest_description_is_taken() -> None:
    assert problems(GOOD | {"description": "é" * 4000}) == []


def test_what_is_left_out_has_its_default() -> None:
    taken = errors.load_data(SCHEMA, example("submission.sent.v1", "minimal").data)
    assert {name: taken[name] for name in ("language", "place", "photos", "answers", "consent")} == {
        "language": "fr",
        "place": None,
        "photos": [],
        "answers": {},
        "consent": {"share_contact": False},
    }


@pytest.mark.parametrize(
    "place",
    [
        {"latitude": 0, "longitude": 2.3},
        {"latitude": -90, "longitude": 180},
        {"latitude": 48.8, "longitude": 2.3, "address": None},
        {"address": "12 rue Charles-Frérot"},
        {"address": "12 rue Charles-Frérot", "latitude": None, "longitude": None},
        None,
    ],
)
def test_place_anywhere_on_earth_or_in_words_is_taken(place: dict[str, Any] | None) -> None:
    assert problems(GOOD | {"place": place}) == []
