"""A town's configuration: what it reports about, who acts, where, by which rules and within which delays.

Frozen values, built by `townfiles.load` from a town's files or by `document.from_document` from what routing
stored. Everything here has been checked already: references name things that exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from services.routing.domain.times import Delays, Priority, Span, WorkingTime
from shared.contracts.kinds import CONFIRMATION_DAYS, Confirmation, Kind, Role
from shared.l10n import Label, Language

TOWN = "town"
"""The value of `CompetenceRule.competent` that means the town itself; no authority may have this slug."""


@dataclass(frozen=True)
class Words:
    """What people say when they mean a category: words or short phrases, in each language."""

    fr: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


@dataclass(frozen=True)
class Category:
    """A node of the category tree. A leaf's slug is its whole path: `voirie/nid-de-poule`."""

    slug: str
    label: Label
    active: bool = True
    kinds: tuple[Kind, ...] = ("problem",)
    children: tuple[Category, ...] = ()
    words: Words = Words()

    def leaves(self) -> Iterator[Category]:
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(frozen=True)
class Answer:
    slug: str
    label: Label


@dataclass(frozen=True)
class Question:
    """What a front end may ask beside the description; never mandatory."""

    slug: str
    label: Label
    categories: tuple[str, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Department:
    slug: str
    label: Label
    email: str | None = None
    example: bool = False


@dataclass(frozen=True)
class Authority:
    slug: str
    label: Label
    email: str | None = None
    language: Language = "fr"
    needs_contact: bool = False
    example: bool = False


HolderKind = Literal["department", "authority"]


@dataclass(frozen=True, order=True, slots=True)
class Holder:
    """Whoever may have a case: a department of the town, or an authority outside it."""

    kind: HolderKind
    slug: str


@dataclass(frozen=True)
class Former:
    """A department or an authority that the town had: its label stays, as old reports name it."""

    kind: HolderKind
    slug: str
    label: Label

    @property
    def holder(self) -> Holder:
        return Holder(self.kind, self.slug)


@dataclass(frozen=True)
class Area:
    """A place on the map. `geometry` is GeoJSON (longitude first, WGS 84); a line has a `width` in metres."""

    slug: str
    layer: str
    label: Label
    geometry: Mapping[str, Any] = field(repr=False)
    width: float | None = None
    example: bool = False


@dataclass(frozen=True)
class Layer:
    """Areas of one sort; every area belongs to one layer."""

    slug: str
    label: Label


@dataclass(frozen=True)
class Layers:
    """`inner` layers from the most specific, then the `town` outline, then what lies `around` it."""

    inner: tuple[Layer, ...]
    town: Layer
    around: Layer | None = None

    def in_order(self) -> tuple[Layer, ...]:
        return (*self.inner, self.town, *([self.around] if self.around else []))


@dataclass(frozen=True)
class CompetenceRule:
    """Whose business it is. `areas` are areas or whole layers; no `categories` means every category."""

    rule: str
    label: Label
    competent: str
    areas: tuple[str, ...]
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class DispatchRule:
    """Which department acts. An empty condition admits everything; all conditions must hold.

    `hours` are minutes of the local day, from included to excluded; 20:00–06:00 runs over midnight.
    `weekdays` count from 0, Monday; hours over midnight are those of the night that begins on that day.
    `sources` are front ends' RabbitMQ users.
    """

    rule: str
    label: Label
    department: str
    kinds: tuple[Kind, ...] = ()
    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    answers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    hours: Span | None = None
    weekdays: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    priority: Priority = "normal"


@dataclass(frozen=True)
class Mail:
    sender: str
    signature: Label
    reply_to: str | None = None


@dataclass(frozen=True)
class Look:
    """How the town's pages and mails look. `colour`: `#rrggbb`, legible on white and under white."""

    colour: str


@dataclass(frozen=True)
class Links:
    """Pages of the town's own web site, to which ours lead."""

    contact: str | None = None
    legal: str | None = None
    privacy: str | None = None


@dataclass(frozen=True)
class Tool:
    """A RabbitMQ user and what it may do for this town."""

    user: str
    role: Role
    department: str | None = None


@dataclass(frozen=True)
class TownConfiguration:
    """One version of a town's set-up. `version` is 0 until routing has stored it.

    `former` is not in the town's files: routing adds those that an earlier version had.
    """

    slug: str
    name: str
    languages: tuple[Language, ...]
    time_zone: str
    kinds: tuple[Kind, ...]
    centre: tuple[float, float]
    working_time: WorkingTime
    mail: Mail
    categories: tuple[Category, ...]
    questions: tuple[Question, ...]
    departments: tuple[Department, ...]
    authorities: tuple[Authority, ...]
    layers: Layers
    areas: tuple[Area, ...]
    competence: tuple[CompetenceRule, ...]
    rules: tuple[DispatchRule, ...]
    delays: Delays
    tools: tuple[Tool, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    look: Look | None = None
    links: Links = Links()
    confirmation: Confirmation = "first"
    confirmation_days: int = CONFIRMATION_DAYS
    former: tuple[Former, ...] = ()
    version: int = 0

    def __hash__(self) -> int:
        return hash((self.slug, self.version))

    def leaves(self) -> Iterator[Category]:
        for category in self.categories:
            yield from category.leaves()

    def holders(self) -> Mapping[Holder, Label]:
        """Who may get a report, with what people call them."""
        departments = {Holder("department", d.slug): d.label for d in self.departments}
        return departments | {Holder("authority", a.slug): a.label for a in self.authorities}

    def after(self, before: TownConfiguration | None) -> TownConfiguration:
        """The same, with the labels of whoever the version `before` had and this one has no longer."""
        if before is None:
            return self
        known = {former.holder: former.label for former in before.former} | dict(before.holders())
        gone = sorted(known.keys() - self.holders().keys())
        return replace(self, former=tuple(Former(h.kind, h.slug, known[h]) for h in gone))

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, Label]]:
        """Labels by kind of thing (`category`, `department`, …), then by slug."""
        return {
            "category": {c.slug: c.label for c in _walk(self.categories)},
            "department": self._labels_of("department"),
            "authority": self._labels_of("authority"),
            "area": {layer.slug: layer.label for layer in self.layers.in_order()}
            | {area.slug: area.label for area in self.areas},
            "question": {q.slug: q.label for q in self.questions},
            "answer": {f"{q.slug}/{a.slug}": a.label for q in self.questions for a in q.answers},
        }

    def _labels_of(self, kind: HolderKind) -> dict[str, Label]:
        former = {f.slug: f.label for f in self.former if f.kind == kind}
        return former | {
            holder.slug: label for holder, label in self.holders().items() if holder.kind == kind
        }


def _walk(categories: tuple[Category, ...]) -> Iterator[Category]:
    for category in categories:
        yield category
        yield from _walk(category.children)


def covers_category(listed: tuple[str, ...], leaf: str) -> bool:
    """Whether a rule's categories admit this leaf: it is listed, or an ancestor is, or nothing is listed."""
    return not listed or any(leaf == slug or leaf.startswith(slug + "/") for slug in listed)
