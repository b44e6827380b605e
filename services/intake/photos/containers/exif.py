"""The one thing that is read of EXIF: how the camera was held."""

from __future__ import annotations

import struct

_ORIENTATION = 0x0112
_SHORT = 3
_ORDERS = {b"II": "<", b"MM": ">"}


def orientation(block: bytes) -> int:
    """1 to 8 as EXIF defines them; 1, upright, where `block` does not say or is broken before it does."""
    tiff = block.removeprefix(b"Exif\0\0")
    order = _ORDERS.get(tiff[:2])
    try:
        value = _first_directory(tiff, order) if order else 1
    except struct.error:
        return 1
    return value if 1 <= value <= 8 else 1


def _first_directory(tiff: bytes, order: str) -> int:
    [start] = struct.unpack_from(f"{order}I", tiff, 4)
    [count] = struct.unpack_from(f"{order}H", tiff, start)
    for at in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind = struct.unpack_from(f"{order}HH", tiff, at)
        if tag == _ORIENTATION:
            value: int = struct.unpack_from(f"{order}{'H' if kind == _SHORT else 'I'}", tiff, at + 8)[0]
            return value
    return 1
