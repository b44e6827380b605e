"""What ends a line, and what shows nothing."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from shared.contracts import errors
from shared.contracts.agent import AgentAcknowledgedV1, AgentNotedV1, AgentResolvedV1
from shared.contracts.characters import shows, trimmed
from shared.contracts.front_end import SubmissionSentV1
from shared.contracts.routing import TownConfiguredV1
from tests.contract.examples import example

INVISIBLE = {
    "zero-width space": "\u200b",
    "word joiner": "\u2060",
    "soft hyphen": "\u00ad",
    "Hangul filler": "\u3164",
    "halfwidth Hangul filler": "\uffa0",
    "Hangul jamo fillers": "\u115f\u1160",
    "Braille blank": "\u2800",
    "zero-width joiner and non-joiner": "\u200c\u200d",
    "byte order mark": "\ufeff",
    "variation selectors": "\ufe0f\U000e0100",
    "tags": "\U000e0041\U000e007f",
    "combining grapheme joiner": "\u034f",
    "Khmer inherent vowels": "\u17b4\u17b5",
    "Mongolian separators": "\u180b\u180e",
    "annotation anchors": "\ufff9\ufffb",
    "shorthand format controls": "\U0001bca0",
    "null notehead": "\U0001d159",
    "spaces of many widths": "\u00a0\u2003\u202f\u3000\u1680",
    "several kinds, with spaces between": "\u200b \u2800\u3164 \u00ad",
}
each_invisible = pytest.mark.parametrize("text", INVISIBLE.values(), ids=INVISIBLE)
SUBMITTED = example("submission.sent.v1").data
DONE: dict[str, Any] = {"report": "a", "agent": "Nadia", "text": "Fait."}


def codes(schema: Schema, data: Any) -> set[tuple[str, str]]:
    """(pointer, code) of all that is wrong; nothing where it is taken."""
    try:
        errors.load_data(schema, data)
    except ValidationError as error:
        return {(e["pointer"], e["code"]) for e in errors.explain(error)}
    return set()


@each_invisible
def test_what_nobody_sees_is_no_name_and_no_text(text: str) -> None:
    person = {"first_name": text, "last_name": text, "email": "ada@example.org"}
    sent = SUBMITTED | {
        "description": text,
        "citizen": person,
        "place": SUBMITTED["place"] | {"address": text},
    }
    assert codes(SubmissionSentV1(), sent) == {
        ("/data/description", "empty"),
        ("/data/citizen/first_name", "empty"),
        ("/data/citizen/last_name", "empty"),
        ("/data/place/address", "empty"),
    }


@each_invisible
@pytest.mark.parametrize("schema", [AgentResolvedV1, AgentNotedV1, AgentAcknowledgedV1])
def test_what_nobody_sees_is_no_answer_of_an_agent(schema: type[Schema], text: str) -> None:
    assert codes(schema(), DONE | {"text": text}) == {("/data/text", "empty")}
    assert codes(schema(), DONE | {"agent": text}) == {("/data/agent", "empty")}


@each_invisible
def test_what_nobody_sees_is_no_label(text: str) -> None:
    town = example("town.configured.v1").data
    assert codes(TownConfiguredV1(), town | {"name": text}) == {("/data/name", "empty")}


@each_invisible
def test_an_answer_to_a_question_that_nobody_sees_is_an_empty_one(text: str) -> None:
    assert errors.load_data(SubmissionSentV1(), SUBMITTED | {"answers": {"q": text}})["answers"] == {"q": ""}


@pytest.mark.parametrize(
    "text",
    [
        "❤\ufe0f",
        "👩\u200d🚒",
        "co\u00adopérer",
        "\u200bAda",
        "بی\u200cخانمان",
        "ㅤ가",
        "⠗⠥⠑",
        ".",
        "\u0301",
        "\ufffd",
    ],
)
def test_what_shows_something_keeps_all_that_it_is_made_of(text: str) -> None:
    assert shows(text)
    assert trimmed(text) == text


@given(st.characters(categories=["Lu", "Ll", "Lt", "Nd", "Nl", "No", "P", "Sm", "Sc", "Sk", "Mc"]))
def test_letters_digits_and_signs_are_seen(character: str) -> None:
    assert shows(character)


@given(st.characters(categories=["Zs", "Zl", "Zp"]))
def test_no_space_is_seen(character: str) -> None:
    assert not shows(character)
    assert unicodedata.category(character)[0] == "Z"


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_is_taken_as_one_line_break(end: str) -> None:
    read = errors.load_data(SubmissionSentV1(), SUBMITTED | {"description": f"une ligne{end}une autre{end}"})
    assert read["description"] == "une ligne\nune autre"
    answered = errors.load_data(AgentResolvedV1(), DONE | {"text": f"Fait.{end}{end}Voilà."})
    assert answered["text"] == "Fait.\n\nVoilà."


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n", "\x0b", "\u2028"])
def test_a_name_has_one_line_still(end: str) -> None:
    person = SUBMITTED["citizen"] | {"first_name": f"Ada{end}Bcc: b@example.org", "last_name": f"Martin{end}"}
    assert codes(SubmissionSentV1(), SUBMITTED | {"citizen": person}) == {
        ("/data/citizen/first_name", "invalid_characters")
    }


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_put_right_stays_so(text: str) -> None:
    once = trimmed(text)
    assert trimmed(once) == once
    assert not set(once) & set("\r\x0b\x0c\x85\u2028\u2029")
    assert bool(once) == shows(text)


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("fr-FR", "fr"),
        ("fr_CA", "fr"),
        ("FR", "fr"),
        ("fr-Latn-FR", "fr"),
        ("en-GB", "en"),
        ("en_GB", "en"),
        ("EN-us", "en"),
        ("en-US-posix", "en"),
    ],
)
def test_a_language_is_taken_by_its_primary_tag(said: str, taken: str) -> None:
    assert errors.load_data(SubmissionSentV1(), SUBMITTED | {"language": said})["language"] == taken


@pytest.mark.parametrize(
    "said", ["", "de", "de-FR", "french", "fr-", "-fr", "fr FR", "frfr", "enGB", "fr\n", "ｆｒ"]
)
def test_another_language_is_refused_with_those_there_are(said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        errors.load_data(SubmissionSentV1(), SUBMITTED | {"language": said})
    (problem,) = errors.explain(caught.value, "en")
    assert (problem["pointer"], problem["code"]) == ("/data/language", "not_a_choice")
    assert "fr, en" in problem["message"]
