"""A town's colours: one palette for its pages and its mails, legible on light and on dark grounds."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

DEFAULT_COLOUR = "#0b5563"
LEAST_CONTRAST = 4.5
"""What text needs with what is behind it (WCAG 2.2, 1.4.3)."""

_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_WHITE, _BLACK = "#ffffff", "#000000"
_STEPS = tuple(step / 50 for step in range(51))
_BY_NIGHT = 7.5


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one ground, each `#rrggbb`. `accent_ground`: behind text in `accent` that stands out."""

    paper: str
    sheet: str
    ink: str
    soft: str
    line: str
    accent: str
    accent_ground: str
    on_accent: str


@dataclass(frozen=True, slots=True)
class Look:
    """How a town looks on a light and on a dark screen."""

    light: Palette
    dark: Palette


_LIGHT = Palette("#f7f6f3", "#ffffff", "#1b2529", "#545f65", "#dcd9d2", "", "", _WHITE)
_DARK = Palette("#11181b", "#1a2327", "#e9eeee", "#adb9be", "#364349", "", "", "#0e1619")


@cache
def look(colour: str = DEFAULT_COLOUR) -> Look:
    """The look that follows from a town's colour, which must be `legible`."""
    grounds = (mixed(colour, _WHITE, share) for share in _STEPS if share >= 0.9)
    ground = next(shade for shade in grounds if contrast(colour, shade) >= LEAST_CONTRAST)
    accent = next(shade for shade in _lighter(colour) if contrast(shade, _DARK.sheet) >= _BY_NIGHT)
    return Look(
        replace(_LIGHT, accent=colour, accent_ground=ground),
        replace(_DARK, accent=accent, accent_ground=mixed(colour, _DARK.sheet, 0.75)),
    )


def is_colour(text: str) -> bool:
    """Whether this is written as colours are here: `#0b5563`."""
    return bool(_HEX.fullmatch(text))


def legible(colour: str) -> bool:
    """Whether text in this colour can be read on the light paper, and white text on it."""
    return contrast(colour, _LIGHT.paper) >= LEAST_CONTRAST


def legible_shade(colour: str) -> str:
    """The colour, or the first darker shade of it that is `legible`."""
    darker = (mixed(colour, _BLACK, share) for share in _STEPS)
    return next(shade for shade in darker if legible(shade))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2): 1 for the same, 21 for black and white."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, into: str, share: float) -> str:
    """`colour` with a `share` (0 to 1) of `into` in it."""
    parts = (round(a + (b - a) * share) for a, b in zip(_parts(colour), _parts(into), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _lighter(colour: str) -> Iterator[str]:
    """Ever lighter shades of the same hue, calm enough for a dark screen, up to white."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in _parts(colour)))
    for share in _STEPS:
        rgb = colorsys.hls_to_rgb(hue, lightness + (1 - lightness) * share, min(saturation, 0.5))
        yield "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
