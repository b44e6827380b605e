"""Errors that a person can act on and a program can rely on."""

from __future__ import annotations

import re
from functools import cache

import pytest
from marshmallow import ValidationError

from deploy.local.paths import ROOT
from shared.contracts import errors
from shared.contracts.agent import AgentPlannedV1, AgentResolvedV1
from shared.contracts.envelope import decode
from shared.contracts.sentences import PRECISELY, SENTENCES

PROMISED = """
required unknown_field too_long too_short empty not_a_choice not_a_number out_of_range too_many
invalid_email invalid_characters invalid kind_not_offered unknown_category retired_category
category_not_for_kind not_on_earth too_large conflict unknown_photo not_allowed unknown_report
wrong_department impossible_transition malformed unknown_type unknown_version
duplicate_name invalid_date
"""


def test_promised_codes_have_their_sentences() -> None:
    assert not set(PROMISED.split()) - set(SENTENCES)


@pytest.mark.parametrize("code", SENTENCES)
def test_nothing_is_promised_that_nobody_sends(code: str) -> None:
    assert re.search(rf'"{code}[.:"]', _senders()), "drop it, or send it"


@cache
def _senders() -> str:
    """All that may name a code."""
    files = (path for folder in ("services", "shared") for path in (ROOT / folder).rglob("*.py"))
    return "".join(path.read_text("utf-8") for path in files if path.name != "sentences.py")


@pytest.mark.parametrize("case", PRECISELY)
def test_a_case_of_a_code_says_more_under_the_same_code(case: str) -> None:
    code = case.partition(".")[0]
    found = errors.error("/id", f"{case}:this or that")
    assert found["code"] == code
    assert found["message"] != errors.error("/id", code)["message"]
    assert f'"{case}' in _senders()


@pytest.mark.parametrize("code", [*SENTENCES, *PRECISELY])
def test_sentence_is_there_in_both_languages(code: str) -> None:
    french, english = (errors.error("/id", f"{code}:12", language)["message"] for language in ("fr", "en"))
    assert french != english
    assert "{" not in french + english
    assert french.endswith(".")
    assert english.endswith(".")


def test_limit_is_told() -> None:
    assert errors.error("/data/description", "too_long:4000", "en") == {
        "pointer": "/data/description",
        "code": "too_long",
        "message": "This is too long: please keep it to 4000 characters.",
    }


@pytest.mark.parametrize("said", ["30/11/2026", "2026-11-30T00:00:00Z", "2026-02-30", "demain", "2026-11-3"])
def test_a_day_is_asked_for_as_a_day(said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        AgentPlannedV1().load({"report": "r", "agent": "Nadia", "planned_for": said})
    (found,) = errors.explain(caught.value, "en")
    assert (found["pointer"], found["code"]) == ("/planned_for", "invalid_date")
    assert "2026-11-30." in found["message"]


@pytest.mark.parametrize("outcome", ["lost", 7])
def test_a_few_choices_are_listed(outcome: object) -> None:
    data = {"report": "r", "agent": "Nadia", "text": "Fait", "outcome": outcome}
    with pytest.raises(ValidationError) as caught:
        AgentResolvedV1().load(data)
    (found,) = errors.explain(caught.value)
    assert (found["code"], "done, nothing_found." in found["message"]) == ("not_a_choice", True)


def test_a_wrong_version_of_cloudevents_is_told_the_right_one() -> None:
    with pytest.raises(ValidationError) as caught:
        decode(b'{"specversion": "0.3"}')
    said = {e["pointer"]: e for e in errors.explain(caught.value, "en")}["/specversion"]
    assert (said["code"], "write 1.0." in said["message"]) == ("invalid", True)


def test_other_languages_get_french() -> None:
    assert errors.error("", "malformed", "de") == errors.error("", "malformed", "fr")


def test_pointers_lead_through_lists_and_odd_names() -> None:
    messages = {
        "data": {"photos": {1: ["invalid"]}, "answers": {"a/b~c": ["too_long:1000"]}, "_schema": ["invalid"]}
    }
    found = errors.explain(ValidationError(messages))
    assert [e["pointer"] for e in found] == ["/data/photos/1", "/data/answers/a~1b~0c", "/data"]


def test_invalid_and_explain_are_each_other_s_inverse() -> None:
    for pointer in ("", "/type", "/data/answers/a~1b~0c"):
        assert errors.explain(errors.invalid(pointer, "conflict")) == [errors.error(pointer, "conflict")]


def test_whole_document_has_the_empty_pointer() -> None:
    assert errors.explain(ValidationError("malformed"))[0]["pointer"] == ""


def test_one_error_for_each_place() -> None:
    found = errors.explain(ValidationError({"data": {"name": ["empty", "invalid"]}}))
    assert [e["code"] for e in found] == ["empty"]


def test_list_is_never_longer_than_what_an_answer_holds() -> None:
    found = errors.explain(ValidationError({str(n): ["unknown_field"] for n in range(10_000)}))
    assert len(found) == 20


def test_name_that_cannot_be_a_field_is_not_repeated() -> None:
    found = errors.explain(ValidationError({"data": {"x" * 300: ["unknown_field"]}}))
    assert found[0]["pointer"] == "/data"


def test_text_that_is_no_code_says_nothing_more_than_invalid() -> None:
    assert errors.explain(ValidationError("7 is not a valid e-mail"))[0]["code"] == "invalid"
