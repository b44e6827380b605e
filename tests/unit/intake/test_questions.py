"""Which answers decide nothing, and that this is said and refuses nobody."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain import reports as domain
from services.intake.domain.questions import Question, idle_answers, questions
from shared.contracts import errors
from shared.contracts.intake import SubmissionAcceptedV1
from tests.contract.examples import example

TOWN = domain.town(1, example("town.configured.v1", "questions").data)
ASKED = {
    "danger": Question(("voirie", "eau/fuite"), ("oui", "non")),
    "depuis": Question((), ("hier", "longtemps")),
}
words = st.sampled_from(["oui", "non", "hier", "Oui", "", "danger", "depuis", "couleur"])


@pytest.mark.parametrize(
    ("category", "answers", "expected"),
    [
        ("voirie/nid-de-poule", {"danger": "oui"}, []),
        ("voirie", {"danger": "non", "depuis": "hier"}, []),
        ("eau/fuite", {"danger": "oui"}, []),
        ("voirie/nid-de-poule", {}, []),
        ("voirie/nid-de-poule", {"danger": "", "couleur": ""}, []),
        ("voirie/nid-de-poule", {"danger": "peut-être"}, [("danger", "not_a_choice.of:oui, non")]),
        ("voirie/nid-de-poule", {"danger": "Oui"}, [("danger", "not_a_choice.of:oui, non")]),
        ("voirie/nid-de-poule", {"couleur": "verte"}, [("couleur", "unknown_question")]),
        ("voiries/nid", {"danger": "oui"}, [("danger", "unknown_question")]),
        ("eau", {"danger": "oui"}, [("danger", "unknown_question")]),
        ("eau", {"depuis": "demain"}, [("depuis", "not_a_choice.of:hier, longtemps")]),
    ],
)
def test_an_answer_that_decides_nothing_is_told(
    category: str, answers: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert list(idle_answers(ASKED, category, answers)) == expected


def test_nothing_is_told_where_the_questions_are_not_known() -> None:
    assert questions({"slug": "gentilly"}) is None
    assert list(idle_answers(None, "voirie", {"danger": "peut-être"})) == []


def test_a_town_without_questions_asks_none() -> None:
    assert list(idle_answers(questions({"questions": []}), "voirie", {"danger": "oui"})) == [
        ("danger", "unknown_question")
    ]


@given(st.sampled_from(["voirie", "voirie/trou", "eau"]), st.dictionaries(words, words, max_size=8))
def test_an_answer_is_told_or_is_one_to_choose(category: str, answers: dict[str, str]) -> None:
    told = dict(idle_answers(ASKED, category, answers))
    for question, answer in answers.items():
        chosen = (
            question in ASKED and ASKED[question].is_asked(category) and answer in ASKED[question].answers
        )
        assert (question in told) == (answer != "" and not chosen)


@pytest.mark.parametrize(
    ("question", "pointer"),
    [("danger", "/data/answers/danger"), ("a/b~c", "/data/answers/a~1b~0c")],
)
def test_what_is_told_says_where(question: str, pointer: str) -> None:
    (problem,) = domain.warnings_for(TOWN, "voirie/nid-de-poule", {question: "si"})
    assert problem.pointer == pointer


def test_the_contracts_own_example_is_taken_and_its_author_told() -> None:
    data = example("submission.sent.v1").data
    assert domain.errors_for(TOWN, "front-gentilly", data["kind"], data["category"]) == []
    (problem,) = domain.warnings_for(TOWN, data["category"], data["answers"])
    warning = errors.error(problem.pointer, problem.code)
    told: dict[str, Any] = {**example("submission.accepted.v1").data, "warnings": [warning]}
    assert not SubmissionAcceptedV1().validate(told)
    assert warning == example("submission.accepted.v1", "warnings").data["warnings"][0]
