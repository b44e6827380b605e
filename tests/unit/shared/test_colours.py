"""A town's colours: whatever colour is admitted, everything in it can be read, by day and by night."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared import colours
from shared.colours import DEFAULT_COLOUR, Palette, contrast, legible, legible_shade, look

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
CSS = files("shared.web").joinpath("static", "vigie.css").read_text()


def _faint(palette: Palette) -> list[tuple[str, str]]:
    """The pairs of text and ground that stand together on a page and cannot be read."""
    text = [palette.ink, palette.soft, palette.accent]
    pairs = [(one, ground) for one in text for ground in (palette.paper, palette.sheet)]
    pairs += [(palette.accent, palette.accent_ground), (palette.on_accent, palette.accent)]
    return [(one, ground) for one, ground in pairs if contrast(one, ground) < colours.LEAST_CONTRAST]


@given(COLOURS)
def test_whatever_is_admitted_can_be_read(colour: str) -> None:
    assume(legible(colour))
    assert _faint(look(colour).light) == []
    assert _faint(look(colour).dark) == []


@given(COLOURS)
def test_what_is_refused_has_a_shade_that_is_not(colour: str) -> None:
    shade = legible_shade(colour)
    assert legible(shade)
    assert (shade == colour) is legible(colour)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#abc123", "#abc123", 1.0),
    ],
)
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    ("colour", "fit"), [("#0b5563", True), ("#FFD200", False), ("#7fb2d8", False), ("#B00020", True)]
)
def test_light_colours_are_not_legible(colour: str, fit: bool) -> None:
    assert legible(colour) is fit


@pytest.mark.parametrize("text", ["red", "#fff", "0b5563", "#0b5563aa", "#0b556g", "#0b5563\n", "url(x)"])
def test_nothing_else_is_a_colour(text: str) -> None:
    assert not colours.is_colour(text)


@pytest.mark.parametrize(("ground", "place"), [("light", 0), ("dark", 1)])
def test_style_sheet_has_the_same_colours_as_mails(ground: str, place: int) -> None:
    palette: Palette = getattr(look(DEFAULT_COLOUR), ground)
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", blocks[place]))
    for name in Palette.__slots__:
        token = tokens[name.replace("_", "-")]
        assert {"#fff": "#ffffff"}.get(token, token) == getattr(palette, name), name


def test_style_sheet_stays_small() -> None:
    assert len(CSS.encode()) <= 12 * 1024
