"""What an address may fill in of the form."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.drafts import Draft
from services.intake.domain.forms import Choice, FormTown, Group
from services.intake.domain.prefilled import address, prefilled
from services.intake.domain.submissions import Place
from shared.branding import Branding
from shared.l10n import Label

HOLE = Choice("voirie/trou", Label("Trou", "Hole"))
TOWN = FormTown(
    branding=Branding("Gentilly"),
    time_zone=ZoneInfo("Europe/Paris"),
    kinds=("problem",),
    groups={"problem": (Group(Choice("voirie", Label("Voirie", "Roads")), (HOLE,)),)},
    labels={},
    questions=(),
)
EMPTY = Draft("gentilly", "", "fr", "problem")


def _filled(**said: str) -> Draft:
    return prefilled(EMPTY, TOWN, said)


def test_category_and_place_are_filled_in() -> None:
    draft = _filled(category="voirie/trou", address=" Square  Kleynhoff ", latitude="48.8", longitude="2.3")
    assert draft.category == "voirie/trou"
    assert draft.place == Place(48.8, 2.3, "Square Kleynhoff")
    assert _filled(address="Ici").place == Place(address="Ici")


def test_what_is_not_there_is_passed_over() -> None:
    assert _filled(category="voirie", latitude="91", longitude="2", address="x" * 301) == EMPTY
    assert _filled(latitude="nan", longitude="2").place is None
    assert _filled(address="a\x00b").place is None


@given(st.dictionaries(st.sampled_from(["category", "address", "latitude", "longitude"]), st.text()))
def test_nothing_that_an_address_says_breaks_it(said: dict[str, str]) -> None:
    draft = prefilled(EMPTY, TOWN, said)
    assert draft.category in ("", "voirie/trou")
    assert draft.place is None or draft.place.address or draft.place.latitude is not None


@given(st.text(min_size=1, max_size=50), st.floats(-90, 90), st.floats(-180, 180))
def test_what_a_code_says_the_form_reads(words: str, latitude: float, longitude: float) -> None:
    made = address(
        "https://x.example", "gentilly", address=words, latitude=str(latitude), longitude=str(longitude)
    )
    said = dict(parse_qsl(urlsplit(made).query))
    assert said["address"] == words
    place = prefilled(EMPTY, TOWN, said).place
    if (latitude, longitude) != (0, 0):
        assert place
        assert (place.latitude, place.longitude) == (latitude, longitude)
