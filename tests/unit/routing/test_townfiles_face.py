"""How a town looks and where its pages lead: optional, checked, and told to every service."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.routing.domain import from_document, to_document, to_event_data
from services.routing.domain.town import Links, Look
from services.routing.townfiles import load
from tests.unit.routing.town_folder import edit, errors

WHOLE = """look: {colour: "#7A1F3D"}
links: {contact: https://ville.example/contact, privacy: https://ville.example/donnees}
mail:"""


def test_colour_and_links_are_told(folder: Path) -> None:
    edit(folder, "town.yaml", "mail:", WHOLE)
    configuration = load(folder)
    assert configuration.look == Look("#7A1F3D")
    assert configuration.links == Links(
        "https://ville.example/contact", None, "https://ville.example/donnees"
    )
    told = to_event_data(configuration, 1)
    assert told["look"] == {"colour": "#7A1F3D"}
    assert told["links"] == [
        {"kind": "contact", "url": "https://ville.example/contact"},
        {"kind": "privacy", "url": "https://ville.example/donnees"},
    ]
    assert from_document(to_document(configuration)) == configuration


def test_town_that_says_nothing_of_it_stays_as_it_was(folder: Path) -> None:
    configuration = load(folder)
    assert {"look", "links"}.isdisjoint(to_event_data(configuration, 1))
    stored = to_document(configuration)
    del stored["look"], stored["links"]  # as releases before stored it
    assert from_document(stored) == configuration


@pytest.mark.parametrize(
    ("colour", "ratio", "shade"),
    [("#FFD200", "1.5", "#856d00"), ("#7fb2d8", "2.3", "#51728a"), ("#ffffff", "1.0", "#707070")],
)
def test_colour_on_which_white_words_cannot_be_read_is_refused_with_one_that_can(
    folder: Path, colour: str, ratio: str, shade: str
) -> None:
    line = edit(folder, "town.yaml", "mail:", f'look: {{colour: "{colour}"}}\nmail:')
    [told] = errors(folder)
    assert f"town.yaml:{line}: " in told
    assert f"white words on it cannot be read (contrast {ratio})" in told
    assert f'take a darker one, as "{shade}"' in told


@pytest.mark.parametrize("written", ['"red"', '"#fff"', "#0b5563", "0b5563", '"url(x)"', "123456"])
def test_what_is_no_colour_is_told_how_one_is_written(folder: Path, written: str) -> None:
    edit(folder, "town.yaml", "mail:", f"look:\n  colour: {written}\nmail:")
    [told] = errors(folder)
    assert 'in quotes, as in "#0b5563"' in told


@pytest.mark.parametrize(
    "written", ["ville.example", "ftp://ville.example", "'javascript:alert(1)'", "mailto:a@b.fr"]
)
def test_link_is_the_address_of_a_page(folder: Path, written: str) -> None:
    edit(folder, "town.yaml", "mail:", f"links: {{contact: {written}}}\nmail:")
    [told] = errors(folder)
    assert "a page's address, as in https://" in told
