"""What is read of EXIF: how the camera was held, and where the photo was taken."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

Point = tuple[float, float]  # latitude, longitude in degrees (WGS 84)

_ORIENTATION, _GPS = 0x0112, 0x8825
# Of the GPS directory: which half of the earth, and degrees, minutes and seconds.
_NORTH_OR_SOUTH, _LATITUDE, _EAST_OR_WEST, _LONGITUDE = 1, 2, 3, 4
_SHORT = 3
_ORDERS = {b"II": "<", b"MM": ">"}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of a directory. `at`: where its value stands, or says where it stands."""

    tag: int
    kind: int
    at: int


def orientation(block: bytes) -> int:
    """1 to 8 as EXIF defines them; 1, upright, where `block` does not say or is broken before it does."""
    tiff, order = _opened(block)
    try:
        value = _orientation(tiff, order) if order else 1
    except struct.error:
        return 1
    return value if 1 <= value <= 8 else 1


def place(block: bytes) -> Point | None:
    """Where the photo was taken; None where `block` does not say, or says what is no place."""
    tiff, order = _opened(block)
    try:
        point = _place(tiff, order) if order else None
    except (struct.error, ZeroDivisionError):
        return None
    is_there = point and abs(point[0]) <= 90 and abs(point[1]) <= 180 and point != (0, 0)
    return point if is_there else None


def _opened(block: bytes) -> tuple[bytes, str]:
    tiff = block.removeprefix(b"Exif\0\0")
    return tiff, _ORDERS.get(tiff[:2], "")


def _orientation(tiff: bytes, order: str) -> int:
    for entry in _first_directory(tiff, order):
        if entry.tag == _ORIENTATION:
            return _number(tiff, f"{order}{'H' if entry.kind == _SHORT else 'I'}", entry.at)
    return 1


def _place(tiff: bytes, order: str) -> Point | None:
    starts = [_number(tiff, f"{order}I", e.at) for e in _first_directory(tiff, order) if e.tag == _GPS]
    found = {entry.tag: entry.at for start in starts[:1] for entry in _directory(tiff, order, start)}
    if not found.keys() >= {_NORTH_OR_SOUTH, _LATITUDE, _EAST_OR_WEST, _LONGITUDE}:
        return None
    south = tiff[found[_NORTH_OR_SOUTH] :][:1] == b"S"
    west = tiff[found[_EAST_OR_WEST] :][:1] == b"W"
    latitude, longitude = (_degrees(tiff, order, found[tag]) for tag in (_LATITUDE, _LONGITUDE))
    return (-latitude if south else latitude, -longitude if west else longitude)


def _first_directory(tiff: bytes, order: str) -> Iterator[_Entry]:
    yield from _directory(tiff, order, _number(tiff, f"{order}I", 4))


def _directory(tiff: bytes, order: str, start: int) -> Iterator[_Entry]:
    count = _number(tiff, f"{order}H", start)
    for at in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind = struct.unpack_from(f"{order}HH", tiff, at)
        yield _Entry(tag, kind, at + 8)


def _degrees(tiff: bytes, order: str, at: int) -> float:
    parts = struct.unpack_from(f"{order}6I", tiff, _number(tiff, f"{order}I", at))
    fractions = zip(parts[::2], parts[1::2], (1, 60, 3600), strict=True)
    return math.fsum(above / below / share for above, below, share in fractions)


def _number(tiff: bytes, form: str, at: int) -> int:
    value: int = struct.unpack_from(form, tiff, at)[0]
    return value
