"""Giving a citizen's address: the only way in which an identity leaves intake, and each reading is logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.intake.domain.links import Links
from services.intake.store import kept, repository
from shared.contracts.kinds import Purpose
from shared.unit import Unit


@dataclass(frozen=True, slots=True)
class Wanted:
    """The author of a report, by both ids."""

    citizen_id: str
    report_id: str


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """A citizen's address and names for one report, and the links that open it: keys, never in an event."""

    citizen_id: str
    report_id: str
    email: str
    first_name: str
    last_name: str
    tracking_url: str
    confirmation_url: str | None = None


def give_contacts(
    unit: Unit, links: Links, reader: str, town: str, purpose: Purpose, wanted: Sequence[Wanted]
) -> list[Contact]:
    """The contacts that may be given to `reader` for `purpose`; unknown ones are left out.

    `hand_over`, to an authority: only of those who agreed to it. `confirm_report`: of reports that are kept.
    """
    if purpose == "confirm_report":
        found = kept.contacts(unit.conn, town, wanted)
    else:
        found = repository.contacts(unit.conn, town, wanted, only_sharing=purpose == "hand_over")
    contacts = [_contact(links, town, purpose, row) for row in found]
    repository.log_contacts_read(unit.conn, town, reader, purpose, contacts)
    return contacts


def _contact(links: Links, town: str, purpose: Purpose, row: Mapping[str, str]) -> Contact:
    report_id = row["report_id"]
    confirmation = links.confirmation(town, report_id) if purpose == "confirm_report" else None
    return Contact(**row, tracking_url=links.tracking(town, report_id), confirmation_url=confirmation)
