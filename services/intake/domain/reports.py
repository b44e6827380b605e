"""Intake's rules: what a town takes, from whom, and what a report is called. No input, no output."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from services.intake.domain.questions import Questions, idle_answers, questions
from shared.contracts.errors import under

MAX_PHOTOS = 4
_ALIKE = 0.85  # of difflib's 0 to 1, from where one slug is taken for another mistyped
# Crockford's base 32: no I, L, O, U, so that a reference can be read out and written down without mistakes.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Category:
    """A leaf of the town's tree of categories."""

    slug: str
    label: Mapping[str, str]
    active: bool
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Town:
    """What intake knows of a town: what may be sent there, by whom, and the labels for the citizen's page."""

    slug: str
    name: str
    kinds: frozenset[str]
    categories: Mapping[str, Category]
    parents: frozenset[str]
    front_ends: frozenset[str]
    holders: Mapping[tuple[str, str], Mapping[str, str]]
    questions: Questions | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a submission: where (a JSON pointer) and what (a code)."""

    pointer: str
    code: str


def town(_version: int, configuration: Mapping[str, Any]) -> Town:
    """Intake's view of the data of a `town.configured.v1`."""
    categories = {c.slug: c for c in _leaves(configuration["categories"])}
    tools = configuration["tools"]
    return Town(
        slug=configuration["slug"],
        name=configuration["name"],
        kinds=frozenset(configuration["kinds"]),
        categories=categories,
        parents=frozenset(_parents(configuration["categories"])),
        front_ends=frozenset(tool["user"] for tool in tools if tool["role"] == "front_end"),
        holders={
            (kind, holder["slug"]): holder["label"]
            for kind, plural in (("department", "departments"), ("authority", "authorities"))
            for holder in configuration[plural]
        },
        questions=questions(configuration),
    )


def _leaves(categories: Iterable[Mapping[str, Any]]) -> Iterable[Category]:
    for category in categories:
        if category.get("children"):
            yield from _leaves(category["children"])
        else:
            kinds = frozenset(category["kinds"])
            yield Category(category["slug"], category["label"], category["active"], kinds)


def _parents(categories: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for category in categories:
        if category.get("children"):
            yield category["slug"]
            yield from _parents(category["children"])


def why_not(town: Town | None, sender: str, data: Mapping[str, Any]) -> list[Problem]:
    """All that keeps `town` from taking this submission of `sender`; empty where nothing does.

    `data` may lack what could not be read: of that nothing is said.
    """
    if town is None or sender not in town.front_ends:
        return [Problem("/town", "not_allowed.town")]
    return [*_wrong_kind(town, data), *_wrong_category(town, data)]


def _wrong_kind(town: Town, data: Mapping[str, Any]) -> Iterable[Problem]:
    if "kind" in data and data["kind"] not in town.kinds:
        yield Problem("/data/kind", "kind_not_offered")


def _wrong_category(town: Town, data: Mapping[str, Any]) -> Iterable[Problem]:
    if "category" not in data:
        return
    category = town.categories.get(data["category"])
    if category is None:
        yield Problem("/data/category", _unknown(town, data))
    elif not category.active:
        yield Problem("/data/category", "retired_category")
    elif data.get("kind") in town.kinds - category.kinds:
        yield Problem("/data/category", "category_not_for_kind")


def _unknown(town: Town, data: Mapping[str, Any]) -> str:
    """The code for a category that is none, with what was meant if that can be told."""
    said = data["category"].casefold().replace(" ", "-").strip("/")
    if said in town.parents:
        return "unknown_category.parent"
    offered = [
        c.slug for c in town.categories.values() if c.active and data.get("kind", "") in {"", *c.kinds}
    ]
    near = [slug for slug in offered if slug.endswith(f"/{said}")]
    near += get_close_matches(said, offered, n=1, cutoff=_ALIKE)
    return f"unknown_category.near:{near[0]}" if near else "unknown_category"


def idle(town: Town, data: Mapping[str, Any]) -> list[Problem]:
    """What of a submission that `town` takes decides nothing there: its author is to know."""
    found = idle_answers(town.questions, data["category"], data["answers"])
    return [Problem(under("/data/answers", question), code) for question, code in found]


def unknown_photos(named: Sequence[str], found: Iterable[str]) -> list[Problem]:
    """The photos that a submission names and that were not found."""
    known = set(found)
    return [Problem(f"/data/photos/{i}", "unknown_photo") for i, p in enumerate(named) if p not in known]


def email_key(email: str) -> str:
    """By which a person is known again: the address without regard to case."""
    return email.strip().casefold()


def new_reference(town: str) -> str:
    """A reference such as `GEN-7K3M-9QX2`, to be read out on the telephone; the database keeps it unique."""
    chosen = secrets.randbits(40)
    digits = "".join(_ALPHABET[chosen >> shift & 31] for shift in range(0, 40, 5))
    return f"{_prefix(town)}-{digits[:4]}-{digits[4:]}"


def _prefix(town: str) -> str:
    return "".join(letter for letter in town if letter.isalnum())[:3].upper()
