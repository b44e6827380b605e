"""The form, begun by an address: what a link or a QR code already says. No input, no output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from services.intake.domain.drafts import Draft
from services.intake.domain.forms import FormTown
from services.intake.domain.submissions import Place
from shared.contracts.blocks import LONGEST_ADDRESS

# The names in the address; the same as in a submission.
CATEGORY, ADDRESS, LATITUDE, LONGITUDE = "category", "address", "latitude", "longitude"


def address(base_url: str, town: str, **said: str) -> str:
    """The address at which the form begins with what is `said`; what is empty is left out."""
    query = urlencode({name: text for name, text in said.items() if text})
    return f"{base_url}/{town}/signaler" + (f"?{query}" if query else "")


def prefilled(draft: Draft, town: FormTown, said: Mapping[str, str]) -> Draft:
    """The draft with what the address says; what the town does not know, or is no place, is passed over."""
    category = said.get(CATEGORY, "")
    place = _place(said)
    return replace(
        draft,
        category=category if town.has(draft.kind, category) else draft.category,
        place=place or draft.place,
    )


def point(latitude: str, longitude: str) -> Place | None:
    """A point on earth of two texts in degrees, or None."""
    try:
        degrees = float(latitude), float(longitude)
    except ValueError:
        return None
    is_on_earth = abs(degrees[0]) <= 90 and abs(degrees[1]) <= 180 and degrees != (0, 0)
    return Place(*degrees) if is_on_earth else None


def _place(said: Mapping[str, str]) -> Place | None:
    words = " ".join(said.get(ADDRESS, "").split())
    named = words if words.isprintable() and len(words) <= LONGEST_ADDRESS else ""
    there = point(said.get(LATITUDE, ""), said.get(LONGITUDE, ""))
    if there is None:
        return Place(address=named) if named else None
    return replace(there, address=named or None)
