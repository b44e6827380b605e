"""PNG: the chunks that decoding needs, and whether every row is there."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.intake.photos.containers import exif
from services.intake.photos.containers.picture import LONGEST_PROFILE, BadPicture, Picture, check_size

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _COLOUR, _PALETTE = 0, 2, 3
_CHANNELS = {_GREY: 1, _COLOUR: 3, _PALETTE: 1, 4: 2, 6: 4}
# Adam7: first column and row, and steps between columns and rows, of each pass.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_WHOLE = ((0, 0, 1, 1),)
# Image data are a zlib stream: two bytes of header, deflated data, a checksum that we make ourselves.
_RAW, _ZLIB_HEADER, _FASTEST_HEADER = -zlib.MAX_WBITS, 2, b"\x78\x01"
_PIECE = 16 << 20  # bytes of pixels unfolded at once


@dataclass(frozen=True, slots=True)
class _Header:
    """IHDR: sizes in pixels, bits a sample."""

    width: int
    height: int
    depth: int
    colours: int
    compression: int
    filtering: int
    interlacing: int

    def length(self) -> int:
        """Of the unfolded pixels in bytes: each row of each pass has one byte more, for its filter."""
        bits = self.depth * _CHANNELS[self.colours]
        total = 0
        for left, top, across, down in _PASSES if self.interlacing else _WHOLE:
            columns, rows = -(-(self.width - left) // across), -(-(self.height - top) // down)
            total += rows * (1 + (columns * bits + 7) // 8) if columns > 0 and rows > 0 else 0
        return total


@dataclass(slots=True)
class _Found:
    """The first chunk of each name, without its checksum, and all image data."""

    first: dict[bytes, bytes] = field(default_factory=dict)
    data: list[bytes] = field(default_factory=list)


def strip(data: bytes, most_pixels: int) -> Picture:
    """Header, palette, transparency and image data alone; raises BadPicture."""
    found = _Found()
    for name, body, is_sound in _chunks(data):
        _take(found, name, body, is_sound)
    header = _header(found)
    check_size(header.width, header.height, most_pixels)
    kept = [_chunk(name, found.first[name]) for name in (b"IHDR", b"PLTE", b"tRNS") if name in found.first]
    pixels = _pixels(b"".join(found.data), header.length())
    stripped = b"".join([_SIGNATURE, *kept, _chunk(b"IDAT", pixels), _chunk(b"IEND", b"")])
    return Picture(stripped, exif.orientation(found.first.get(b"eXIf", b"")), _profile(found))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    """Name, content, and whether the checksum is right; of a chunk that the file cuts, what there is."""
    at = len(_SIGNATURE)
    while len(data) >= at + 8:
        length, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        checksum = data[at + 8 + length : at + 12 + length]
        yield name, body, checksum == zlib.crc32(name + body).to_bytes(4, "big")
        at += 12 + length
        if name == b"IEND":
            return


def _take(found: _Found, name: bytes, body: bytes, is_sound: bool) -> None:
    if name == b"IDAT":
        found.data += [body] if body else []
    elif name == b"eXIf" or (is_sound and not found.data and name in (b"IHDR", b"PLTE", b"tRNS", b"iCCP")):
        found.first.setdefault(name, body)


def _header(found: _Found) -> _Header:
    """What IHDR says; drops the palette and the transparency that no such picture has, as browsers do."""
    try:
        header = _Header(*struct.unpack(">IIBBBBB", found.first[b"IHDR"]))
    except (KeyError, struct.error):
        raise BadPicture("unreadable") from None
    if header.colours not in _CHANNELS:
        raise BadPicture("unreadable")
    if header.colours != _PALETTE:
        found.first.pop(b"PLTE", None)
    if not _is_transparency(found.first.get(b"tRNS", b""), header, len(found.first.get(b"PLTE", b"")) // 3):
        found.first.pop(b"tRNS", None)
    return header


def _is_transparency(body: bytes, header: _Header, entries: int) -> bool:
    longest = {_GREY: 2, _COLOUR: 6, _PALETTE: entries}.get(header.colours, 0)
    return 0 < len(body) <= longest if header.colours == _PALETTE else len(body) == longest > 0


def _pixels(folded: bytes, length: int) -> bytes:
    """The image data with a right end; raises BadPicture where any of their `length` bytes is missing."""
    unfolding = zlib.decompressobj(_RAW)
    rest, left, checksum = folded[_ZLIB_HEADER:], length, 1
    try:
        while left and (piece := unfolding.decompress(rest, min(left, _PIECE))):
            rest, left, checksum = unfolding.unconsumed_tail, left - len(piece), zlib.adler32(piece, checksum)
    except zlib.error:
        raise BadPicture("unreadable") from None
    if left:
        raise BadPicture("unreadable")
    if not _is_at_end(unfolding, rest):
        return _folded_anew(folded, length)
    end = len(folded) - len(unfolding.unused_data)
    return _FASTEST_HEADER + folded[_ZLIB_HEADER:end] + checksum.to_bytes(4, "big")


def _is_at_end(unfolding: zlib._Decompress, rest: bytes) -> bool:
    try:
        return unfolding.eof or (not unfolding.decompress(rest, 1) and unfolding.eof)
    except zlib.error:
        return False


def _folded_anew(folded: bytes, length: int) -> bytes:
    unfolding, folding = zlib.decompressobj(_RAW), zlib.compressobj(1)
    rest, left, anew = folded[_ZLIB_HEADER:], length, []
    while left:
        piece = unfolding.decompress(rest, min(left, _PIECE))
        rest, left = unfolding.unconsumed_tail, left - len(piece)
        anew.append(folding.compress(piece))
    return b"".join([*anew, folding.flush()])


def _profile(found: _Found) -> bytes | None:
    """The profile, where it unfolds to the end and is not longer than any profile is."""
    _, _, folded = found.first.get(b"iCCP", b"").partition(b"\0")
    unfolding = zlib.decompressobj()
    try:
        profile = unfolding.decompress(folded[1:], LONGEST_PROFILE) if folded[:1] == b"\0" else b""
    except zlib.error:
        return None
    return profile if profile and unfolding.eof else None


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
