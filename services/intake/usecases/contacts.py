"""Giving a citizen's address: the only way in which an identity leaves intake, and each reading is logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.domain.links import Links
from services.intake.store import repository
from shared.unit import Unit

HAND_OVER = "hand_over"  # to an authority: only of those who agreed to it


@dataclass(frozen=True, slots=True)
class Wanted:
    """The author of a report, by both ids."""

    citizen_id: str
    report_id: str


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """A citizen's address and names for one report, and the link that opens it: a key, never in an event."""

    citizen_id: str
    report_id: str
    email: str
    first_name: str
    last_name: str
    tracking_url: str


def give_contacts(
    unit: Unit, links: Links, reader: str, town: str, purpose: str, wanted: Sequence[Wanted]
) -> list[Contact]:
    """The contacts that may be given to `reader` for `purpose`; unknown ones are left out."""
    found = repository.contacts(unit.conn, town, wanted, only_sharing=purpose == HAND_OVER)
    contacts = [Contact(**row, tracking_url=links.tracking(town, row["report_id"])) for row in found]
    repository.log_contacts_read(unit.conn, town, reader, purpose, contacts)
    return contacts
