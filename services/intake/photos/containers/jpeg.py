"""JPEG: the segments that decoding needs, and whether the data have an end."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.intake.photos.containers import exif
from services.intake.photos.containers.picture import LONGEST_PROFILE, NOISE, BadPicture, Picture, check_size

_START, _END = b"\xff\xd8", b"\xff\xd9"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDD})  # Huffman, arithmetic, quantization, restart interval
_SCAN, _EOI, _TEM, _LINES, _COMMENT = 0xDA, 0xD9, 0x01, 0xDC, 0xFE
_JFIF, _EXIF, _ICC, _ADOBE = 0xE0, 0xE1, 0xE2, 0xEE
_APPLICATION = frozenset(range(0xE0, 0xF0))
_WITH_LENGTH = _FRAMES | _TABLES | _APPLICATION | {_SCAN, _LINES, _COMMENT}
# FF 00 is a byte of data, FF FF is filling, and a restart marker belongs to the data around it.
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
_COEFFICIENTS = 64
# Restart markers too, in each order that a decoder may wait for. The first bit differs from what it fills in.
_NOISY_END = b"\xfe" + b"".join(NOISE + bytes((0xFF, 0xD0 + n % 8)) for n in range(16)) + NOISE + _END


@dataclass(slots=True)
class _Found:
    """What has been met so far; `sent`: which coefficients of each component have all their bits."""

    kept: list[bytes] = field(default_factory=lambda: [_START])
    orientation: int = 1
    place: exif.Point | None = None
    profile: dict[int, bytes] = field(default_factory=dict)
    profile_parts: int = 0
    colours: set[int] = field(default_factory=set)
    progressive: bool = False
    size: tuple[int, int] = (0, 0)
    sent: dict[int, set[int]] = field(default_factory=dict)
    scans: int = 0
    is_ended: bool = False


def strip(data: bytes, most_pixels: int) -> Picture:
    """Frame, tables and scans alone; raises BadPicture. What is not JPEG behind a scan ends the picture."""
    found = _Found()
    for marker, segment in _segments(data):
        _take(found, marker, segment)
    if not found.scans:
        raise BadPicture("unreadable")
    check_size(*found.size, most_pixels)
    whole = b"".join([*found.kept, _END])
    noisy = None if found.is_ended else b"".join([*found.kept, _NOISY_END])
    if noisy and not _is_sent(found):
        raise BadPicture("unreadable")
    return Picture(whole, found.orientation, _profile(found), noisy, found.place)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and segment, from the marker on; a scan with its data. Junk between segments is passed over."""
    at = len(_START)
    while match := _MARKER.search(data, at):
        begin, marker = match.start(), match[1][0]
        at = match.end()
        if marker == _EOI:
            yield marker, _END
            return
        if marker in _WITH_LENGTH:
            at += _length(data, at)
            if at > len(data):
                return
            at = _scan_end(data, at) if marker == _SCAN else at
            yield marker, data[begin:at]
        elif marker != _TEM:
            return


def _length(data: bytes, at: int) -> int:
    """Of the segment whose length stands at `at`, that field included; one that is too short has nothing."""
    return max(2, int.from_bytes(data[at : at + 2], "big"))


def _scan_end(data: bytes, at: int) -> int:
    match = _MARKER.search(data, at)
    end = match.start() if match else len(data)
    return at + len(data[at:end].rstrip(b"\xff"))  # filling, or half a marker where the file was cut


def _take(found: _Found, marker: int, segment: bytes) -> None:
    body = segment[4:]
    if marker == _EOI:
        found.is_ended = True
    elif marker in _APPLICATION:
        _take_application(found, marker, segment)
    elif marker in _TABLES or marker in _FRAMES or marker == _SCAN:
        found.kept.append(segment)
        if marker in _FRAMES:
            _take_frame(found, marker, body)
        elif marker == _SCAN:
            _take_scan(found, body)


def _take_application(found: _Found, marker: int, segment: bytes) -> None:
    body = segment[4:]
    if marker == _EXIF and body.startswith(b"Exif\0") and found.orientation == 1:
        found.orientation = exif.orientation(body)
        found.place = found.place or exif.place(body)
    elif marker == _ICC and body.startswith(b"ICC_PROFILE\0") and len(body) > 14:
        found.profile[body[12]], found.profile_parts = body[14:], body[13]
    elif _says_colours(marker, body) and marker not in found.colours:
        found.colours.add(marker)
        found.kept.append(segment)


def _says_colours(marker: int, body: bytes) -> bool:
    """Whether the decoder knows by this segment which colour space the data are in."""
    is_jfif = marker == _JFIF and body.startswith(b"JFIF\0") and len(body) >= 14
    return is_jfif or (marker == _ADOBE and body.startswith(b"Adobe") and len(body) >= 12)


def _take_frame(found: _Found, marker: int, body: bytes) -> None:
    try:
        height, width, count = struct.unpack_from(">HHB", body, 1)
        components = [body[6 + 3 * n] for n in range(count)]
    except (struct.error, IndexError):
        raise BadPicture("unreadable") from None
    found.progressive = marker in _PROGRESSIVE
    found.size = width, height
    found.sent = {component: set() for component in components}


def _take_scan(found: _Found, body: bytes) -> None:
    found.scans += 1
    try:
        components = [body[1 + 2 * n] for n in range(body[0])]
        first, last, approximation = body[1 + 2 * body[0] :][:3]
    except (IndexError, ValueError):
        raise BadPicture("unreadable") from None
    if not found.progressive:
        first, last, approximation = 0, _COEFFICIENTS - 1, 0
    # A low half-byte above 0: the last bits of these coefficients come in a later scan.
    if approximation & 0x0F == 0:
        for component in components:
            found.sent.setdefault(component, set()).update(range(first, last + 1))


def _is_sent(found: _Found) -> bool:
    return bool(found.sent) and all(len(sent) >= _COEFFICIENTS for sent in found.sent.values())


def _profile(found: _Found) -> bytes | None:
    """The profile, in as many segments as each of them says; None where one is missing."""
    parts = [found.profile[number] for number in sorted(found.profile)]
    is_whole = sorted(found.profile) == list(range(1, found.profile_parts + 1))
    joined = b"".join(parts)
    return joined if parts and is_whole and len(joined) <= LONGEST_PROFILE else None
