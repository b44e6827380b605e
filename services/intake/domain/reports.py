"""Intake's rules: what a town takes, from whom, and what a report is called."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from services.intake.domain.confirmation import DEFAULT, ConfirmationPolicy, confirmation_policy
from services.intake.domain.questions import Questions, idle_answers, questions
from services.intake.domain.submissions import Submission
from shared.categories import leaves, walk
from shared.contracts.errors import under

WEB = "urn:vigie:intake-web"  # the sender of what the town's own pages send; no tool can have such a name
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
    """What intake knows of a town: what may be sent there, and by whom."""

    slug: str
    name: str
    kinds: frozenset[str]
    categories: Mapping[str, Category]
    parents: frozenset[str]
    front_ends: frozenset[str]
    questions: Questions | None = None
    confirmation: ConfirmationPolicy = DEFAULT


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with a submission: where (a JSON pointer) and what (a code of the contract)."""

    pointer: str
    code: str

    @property
    def wait(self) -> int | None:
        """Minutes after which it may be sent again, where it came too soon."""
        name, _, minutes = self.code.partition(":")
        return int(minutes) if name == "too_often" else None


@dataclass(frozen=True, slots=True)
class Report:
    """A submission that was taken. `submitted_at` is RFC 3339; `citizen_id` is opaque, and says nothing."""

    id: str
    reference: str
    citizen_id: str
    submitted_at: str
    submission: Submission

    @property
    def town(self) -> str:
        """The town it was sent to."""
        return self.submission.town


def town(_version: int, configuration: Mapping[str, Any]) -> Town:
    """Intake's view of the data of a `town.configured.v1`."""
    categories = {leaf["slug"]: _category(leaf) for leaf, _ in leaves(configuration["categories"])}
    tools = configuration["tools"]
    return Town(
        slug=configuration["slug"],
        name=configuration["name"],
        kinds=frozenset(configuration["kinds"]),
        categories=categories,
        parents=frozenset(c["slug"] for c, _ in walk(configuration["categories"]) if c.get("children")),
        front_ends=frozenset(tool["user"] for tool in tools if tool["role"] == "front_end"),
        questions=questions(configuration),
        confirmation=confirmation_policy(configuration),
    )


def _category(leaf: Mapping[str, Any]) -> Category:
    return Category(leaf["slug"], leaf["label"], leaf["active"], frozenset(leaf["kinds"]))


def errors_for(town: Town | None, sender: str, kind: str | None, category: str | None) -> list[FieldError]:
    """All that keeps `town` from taking a submission of `sender`; empty where nothing does.

    `kind` and `category` are None where they could not be read: of that nothing is said here.
    """
    if town is None or sender not in {*town.front_ends, WEB}:
        return [FieldError("/town", "not_allowed.town")]
    return [*_kind_errors(town, kind), *_category_errors(town, kind, category)]


def _kind_errors(town: Town, kind: str | None) -> Iterable[FieldError]:
    if kind is not None and kind not in town.kinds:
        yield FieldError("/data/kind", "kind_not_offered")


def _category_errors(town: Town, kind: str | None, slug: str | None) -> Iterable[FieldError]:
    if slug is None:
        return
    category = town.categories.get(slug)
    if category is None:
        yield FieldError("/data/category", _unknown_category(town, kind, slug))
    elif not category.active:
        yield FieldError("/data/category", "retired_category")
    elif kind in town.kinds - category.kinds:
        yield FieldError("/data/category", "category_not_for_kind")


def _unknown_category(town: Town, kind: str | None, slug: str) -> str:
    """The code for a category that is none, with what was meant if that can be told."""
    written = slug.casefold().replace(" ", "-").strip("/")
    if written in town.parents:
        return "unknown_category.parent"
    offered = [c.slug for c in town.categories.values() if c.active and kind in {None, *c.kinds}]
    near = [slug for slug in offered if slug.endswith(f"/{written}")]
    near += get_close_matches(written, offered, n=1, cutoff=_ALIKE)
    return f"unknown_category.near:{near[0]}" if near else "unknown_category"


def warnings_for(town: Town, category: str, answers: Mapping[str, str]) -> tuple[FieldError, ...]:
    """The answers of a submission that `town` takes which decide nothing there."""
    idle = idle_answers(town.questions, category, answers)
    return tuple(FieldError(under("/data/answers", question), code) for question, code in idle)


def photo_errors(named: Sequence[str], free: Iterable[str]) -> list[FieldError]:
    """The photos that a submission names and that are not `free` for it."""
    known = set(free)
    return [FieldError(f"/data/photos/{i}", "unknown_photo") for i, p in enumerate(named) if p not in known]


def new_reference(town: str) -> str:
    """A reference such as `GEN-7K3M-9QX2`, to be read out on the telephone; the database keeps it unique."""
    chosen = secrets.randbits(40)
    digits = "".join(_ALPHABET[chosen >> shift & 31] for shift in range(0, 40, 5))
    return f"{_prefix(town)}-{digits[:4]}-{digits[4:]}"


def _prefix(town: str) -> str:
    return "".join(letter for letter in town if letter.isalnum())[:3].upper()
