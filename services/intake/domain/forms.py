"""What a town's own form offers to choose from. No input, no output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from services.intake.domain.questions import Question
from shared.branding import Branding
from shared.categories import labels, leaves
from shared.l10n import Label

Config = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value, and what people call it."""

    slug: str
    label: Label


@dataclass(frozen=True, slots=True)
class Group:
    """A category at the top of the tree, with the leaves in it that may be chosen."""

    choice: Choice
    leaves: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a person sees it, and of which reports it is asked."""

    choice: Choice
    answers: tuple[Choice, ...]
    question: Question


@dataclass(frozen=True, slots=True)
class FormTown:
    """What the form needs of a town. `kinds`: those that have something to choose from. `groups`: by kind."""

    branding: Branding
    time_zone: ZoneInfo
    kinds: tuple[str, ...]
    groups: Mapping[str, tuple[Group, ...]]
    labels: Mapping[str, Label]
    questions: tuple[Asked, ...]

    def label(self, category: str) -> Label:
        """What people call a category; its slug where the town does not know it (any more)."""
        return self.labels.get(category) or Label.same(category)

    def asks(self, category: str) -> tuple[Asked, ...]:
        """The questions of a category."""
        return tuple(asked for asked in self.questions if asked.question.is_asked(category))

    def has(self, kind: str, category: str) -> bool:
        """Whether the category may be chosen for this kind."""
        return any(leaf.slug == category for group in self.groups.get(kind, ()) for leaf in group.leaves)


def form_town(_version: int, configuration: Config) -> FormTown:
    """From the data of a `town.configured.v1`."""
    tree = configuration["categories"]
    groups = {kind: tuple(_groups(tree, kind)) for kind in configuration["kinds"]}
    return FormTown(
        branding=Branding.of(configuration),
        time_zone=ZoneInfo(configuration["time_zone"]),
        kinds=tuple(kind for kind, offered in groups.items() if offered),
        groups=groups,
        labels=labels(tree),
        questions=tuple(_asked(item) for item in configuration.get("questions") or ()),
    )


def _groups(tree: list[Config], kind: str) -> Iterator[Group]:
    for category in tree:
        offered = tuple(_choice(leaf) for leaf, _ in leaves([category]) if _offered(leaf, kind))
        if offered:
            yield Group(_choice(category), offered)


def _offered(category: Config, kind: str) -> bool:
    return category["active"] and kind in category["kinds"]


def _choice(item: Config) -> Choice:
    return Choice(item["slug"], Label.of(item["label"]))


def _asked(item: Config) -> Asked:
    answers = tuple(_choice(answer) for answer in item["answers"])
    codes = tuple(answer.slug for answer in answers)
    return Asked(_choice(item), answers, Question(tuple(item["categories"]), codes))
