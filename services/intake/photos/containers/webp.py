"""WebP: the chunks that decoding the first frame needs."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from services.intake.photos.containers import exif
from services.intake.photos.containers.picture import LONGEST_PROFILE, NOISE, BadPicture, Picture, check_size

_LOSSY, _LOSSLESS, _ALPHA = b"VP8 ", b"VP8L", b"ALPH"
_EXTENDED, _ANIMATION, _FRAME = b"VP8X", b"ANIM", b"ANMF"
_EXIF, _PROFILE = b"EXIF", b"ICCP"
_LOSSY_SIGNATURE, _LOSSLESS_SIGNATURE = b"\x9d\x01\x2a", b"\x2f"
_READ = frozenset({_LOSSY, _LOSSLESS, _ALPHA, _EXTENDED, _FRAME, _EXIF, _PROFILE})
_ALPHA_FLAG, _ANIMATION_FLAG = 0x10, 0x02
_FRAME_HEADER = 16  # bytes of ANMF before its chunks
_RIFF_HEADER = 12
_NOISY_END = b"\xff" + NOISE  # the first bit differs from what a decoder fills in

Chunks = Mapping[bytes, bytes]


def strip(data: bytes, most_pixels: int) -> Picture:
    """The pixels of the first frame alone; raises BadPicture."""
    first, noisy = (_first_chunks(data[_RIFF_HEADER:], end) for end in (b"", _NOISY_END))
    stripped, with_noise = (_riff(_kept(chunks, most_pixels)) for chunks in (first, noisy))
    profile = first.get(_PROFILE)
    return Picture(
        stripped,
        exif.orientation(first.get(_EXIF, b"")),
        profile if profile and len(profile) <= LONGEST_PROFILE else None,
        with_noise if with_noise != stripped else None,
    )


def _first_chunks(data: bytes, end: bytes) -> Chunks:
    """The first chunk of each name; of one that the file cuts, what there is, and `end` behind it."""
    first: dict[bytes, bytes] = {}
    at = 0
    while len(data) >= at + 8:
        name, length = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + length]
        if name in _READ:
            first.setdefault(name, body if len(body) == length else body + end)
        at += 8 + length + length % 2
    return first


def _kept(first: Chunks, most_pixels: int) -> bytes:
    return _moving(first, most_pixels) if _FRAME in first else _still(first, most_pixels)


def _still(first: Chunks, most_pixels: int) -> bytes:
    size = _size(first)
    check_size(*size, most_pixels)
    image = _image(first)
    # Only transparency beside the picture needs the extended form.
    return _extended(_ALPHA_FLAG, size) + image if _has_alpha_beside(first) else image


def _moving(first: Chunks, most_pixels: int) -> bytes:
    frame, canvas = first[_FRAME], first.get(_EXTENDED, b"")
    if len(canvas) < 10:
        raise BadPicture("unreadable")
    size = 1 + int.from_bytes(canvas[4:7], "little"), 1 + int.from_bytes(canvas[7:10], "little")
    check_size(*size, most_pixels)
    parts = _first_chunks(frame[_FRAME_HEADER:], b"")
    kept = _extended(_ANIMATION_FLAG | canvas[0] & _ALPHA_FLAG, size) + _chunk(_ANIMATION, bytes(6))
    return kept + _chunk(_FRAME, frame[:_FRAME_HEADER] + _image(parts))


def _image(parts: Chunks) -> bytes:
    alpha = _chunk(_ALPHA, parts[_ALPHA]) if _has_alpha_beside(parts) else b""
    name = _LOSSY if _LOSSY in parts else _LOSSLESS
    if name not in parts:
        raise BadPicture("unreadable")
    return alpha + _chunk(name, parts[name])


def _has_alpha_beside(parts: Chunks) -> bool:
    return _ALPHA in parts and _LOSSY in parts


def _size(parts: Chunks) -> tuple[int, int]:
    """Width and height by the image's own header; raises BadPicture where it has none."""
    lossy, lossless = parts.get(_LOSSY, b""), parts.get(_LOSSLESS, b"")
    if lossy[3:6] == _LOSSY_SIGNATURE and len(lossy) >= 10:
        width, height = struct.unpack_from("<HH", lossy, 6)
        return width & 0x3FFF, height & 0x3FFF
    if lossless[:1] == _LOSSLESS_SIGNATURE and len(lossless) >= 5:
        [bits] = struct.unpack_from("<I", lossless, 1)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    raise BadPicture("unreadable")


def _riff(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def _extended(flags: int, size: tuple[int, int]) -> bytes:
    sides = b"".join((side - 1).to_bytes(3, "little") for side in size)
    return _chunk(_EXTENDED, bytes((flags, 0, 0, 0)) + sides)


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
