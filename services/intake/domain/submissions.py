"""What a citizen sends: a submission, as plain values, whichever door it came through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.intake.domain.addresses import email_key
from shared.contracts.envelope import Cause

NamedPhoto = tuple[str, str, str]  # town, owner, photo id: as a submission names it


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: a point in degrees (WGS 84), what people call it, or both. Half a point there is none."""

    latitude: float | None = None
    longitude: float | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Author:
    """Who sends it. Never shown in a log: it has no representation of its own."""

    first_name: str
    last_name: str
    email: str

    @property
    def key(self) -> str:
        """By which the person is known again."""
        return email_key(self.email)


@dataclass(frozen=True, slots=True)
class Submission:
    """What is sent to `town` by `sender`, a front end's user.

    `category` is a leaf's slug, `photos` are the ids that their upload gave, `answers` are by question.
    `photos_of`: whose upload they were, where that is not the sender.
    `share_contact`: the author agrees that an outside authority may have name and address.
    """

    town: str
    sender: str
    kind: str
    category: str
    language: str
    description: str
    author: Author
    place: Place | None = None
    photos: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    share_contact: bool = False
    cause: Cause = field(default_factory=Cause)
    photos_of: str = ""

    @property
    def distinct_photos(self) -> tuple[str, ...]:
        """Its photos, each once: one that is named twice is one."""
        return tuple(dict.fromkeys(self.photos))

    @property
    def named_photos(self) -> tuple[NamedPhoto, ...]:
        """The same, each with its town and owner."""
        owner = self.photos_of or self.sender
        return tuple((self.town, owner, photo) for photo in self.distinct_photos)


def submission_of(data: Mapping[str, Any], town: str, sender: str, cause: Cause) -> Submission:
    """From the data of a `submission.sent.v1`, whoever brought it."""
    plain = ("kind", "category", "language", "description", "answers")
    return Submission(
        town=town,
        sender=sender,
        **{name: data[name] for name in plain},
        author=Author(**data["citizen"]),
        place=Place(**data["place"]) if data["place"] else None,
        photos=tuple(data["photos"]),
        share_contact=data["consent"]["share_contact"],
        cause=cause,
    )
