"""Identifiers: time-ordered for what is stored, random for what is published to analysts."""

from __future__ import annotations

import re
import uuid

import uuid_utils

# As other software writes one: capitals, no hyphens, braces, a URN.
_SPELT = re.compile(
    r"(?:urn:uuid:)?\{?([0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12})\}?", re.ASCII | re.IGNORECASE
)


def new_id() -> str:
    """A UUIDv7 (RFC 9562): unique, and ascending in time, so that indexes stay compact."""
    return str(uuid_utils.uuid7())


def random_id() -> str:
    """A UUIDv4: says nothing of when or where it was made."""
    return str(uuid_utils.uuid4())


def derived_id(*parts: str) -> str:
    """A UUIDv5 of `parts`: the same parts give the same id, in any process and at any time."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "\x1f".join(parts)))


def uuid_or_none(text: str) -> uuid.UUID | None:
    """The UUID that `text` spells, if it does."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def as_given(text: str) -> str:
    """An id that we gave, as we write it, however it is spelt; any other text as it is."""
    found = _SPELT.fullmatch(text)
    return str(uuid.UUID(found[1])) if found else text


def is_id(text: str) -> bool:
    """Whether `text` is a UUID as we write them: PostgreSQL takes no other text for a row's id."""
    found = uuid_or_none(text)
    return found is not None and str(found) == text


def shown(text: str | None) -> str | None:
    """An id as logs may hold it: into one that is no UUID, its sender may have written anything."""
    return text if text and is_id(text) else None
