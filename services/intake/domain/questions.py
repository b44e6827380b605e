"""What a town asks beside the description, and which answers decide nothing. No input, no output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """A question for `categories` and all those in them, or for every one where none is named."""

    categories: tuple[str, ...]
    answers: tuple[str, ...]

    def is_asked(self, category: str) -> bool:
        """Whether it is asked of a report of this category."""
        named = (category == slug or category.startswith(f"{slug}/") for slug in self.categories)
        return not self.categories or any(named)


Questions = Mapping[str, Question]


def questions(configuration: Mapping[str, Any]) -> Questions | None:
    """A town's questions by slug; None where its configuration is from before they were told."""
    listed = configuration.get("questions")
    return None if listed is None else {item["slug"]: _question(item) for item in listed}


def _question(item: Mapping[str, Any]) -> Question:
    return Question(tuple(item["categories"]), tuple(answer["slug"] for answer in item["answers"]))


def idle_answers(
    asked: Questions | None, category: str, answers: Mapping[str, str]
) -> Iterable[tuple[str, str]]:
    """(question, code) of each answer that decides nothing; one left empty is none."""
    for question, answer in answers.items() if asked is not None else ():
        known = (asked or {}).get(question)
        if answer and not (known and known.is_asked(category)):
            yield question, "unknown_question"
        elif answer and known and answer not in known.answers:
            yield question, f"not_a_choice.of:{', '.join(known.answers)}"
