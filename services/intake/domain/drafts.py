"""What a person has put into the town's own form so far, step by step. No input, no output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from services.intake.domain.reports import WEB
from services.intake.domain.submissions import Author, Place, Submission
from shared import ids
from shared.contracts.blocks import PHOTOS
from shared.contracts.envelope import Cause
from shared.l10n import Language

Part = Literal["what", "where", "details", "who"]


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """A report that is being written. Never shown in a log: it has no representation of its own.

    `id`: random, and known to its author alone. `without_place`: its author says that it has none.
    `offered`: where a photo was taken, until its author has said where it is.
    `has_details`: its author has been asked for them.
    """

    town: str
    id: str
    language: Language
    kind: str
    category: str = ""
    description: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    photos: tuple[str, ...] = ()
    offered: Place | None = None
    place: Place | None = None
    without_place: bool = False
    has_details: bool = False
    author: Author | None = None
    share_contact: bool = False

    @property
    def photos_of(self) -> str:
        """Who owns its photos: this draft alone, so that nobody else can name them."""
        return f"{WEB}/{self.id}"

    @property
    def free_photos(self) -> int:
        """How many more photos it may have."""
        return max(0, PHOTOS - len(self.photos))

    @property
    def missing(self) -> Part | None:
        """The first part that is not filled in; None where it can be sent."""
        return next((part for part, is_there in _PARTS.items() if not is_there(self)), None)

    def sent_as(self, report_id: str, kept_until: datetime | None) -> SentDraft:
        """What is left of it once it is sent."""
        return SentDraft(self.town, self.id, self.language, self.kind, report_id, kept_until)

    def submission(self) -> Submission:
        """What is sent; only of a draft in which nothing is `missing`."""
        assert self.author
        return Submission(
            town=self.town,
            sender=WEB,
            kind=self.kind,
            category=self.category,
            language=self.language,
            description=self.description,
            author=self.author,
            place=self.place,
            photos=self.photos,
            answers={question: answer for question, answer in self.answers.items() if answer},
            share_contact=self.share_contact,
            cause=Cause(ids.derived_id(self.id)),
            photos_of=self.photos_of,
        )


@dataclass(frozen=True, slots=True)
class SentDraft:
    """What is left of a draft that was sent. `kept_until`: where its author still has to confirm."""

    town: str
    id: str
    language: Language
    kind: str
    report_id: str
    kept_until: datetime | None


_PARTS: Mapping[Part, Callable[[Draft], bool]] = MappingProxyType(
    {
        "what": lambda draft: bool(draft.category),
        "where": lambda draft: draft.without_place or draft.place is not None,
        "details": lambda draft: draft.has_details and bool(draft.description),
        "who": lambda draft: draft.author is not None,
    }
)
