"""What is kept of a photo's file: its pixels, how it was held, its colours. Nothing else can stop it."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.intake.photos import containers
from services.intake.photos.containers import BadPicture, exif, jpeg
from services.intake.photos.containers.picture import LONGEST_PROFILE
from tests.support import pictures
from tests.support.pictures import chunk, jpeg_with, part, png_with, segment, webp_with

MANY = 40_000_000
JPEG, PNG, WEBP = (pictures.encode(pictures.scene(), kind) for kind in ("JPEG", "PNG", "WEBP"))
STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP")
PROFILE = pictures.swapped_profile()
ANCILLARY = st.sampled_from([b"tEXt", b"zTXt", b"iTXt", b"pHYs", b"gAMA", b"cHRM", b"sRGB", b"acTL", b"fdAT"])


def _strip(data: bytes) -> containers.Picture:
    return containers.strip(data, MANY)


class TestWhatIsDropped:
    @given(
        st.lists(st.tuples(st.sampled_from([*range(0xE0, 0xF0), 0xFE]), st.binary(max_size=200)), max_size=9)
    )
    def test_jpeg_is_the_same_whatever_applications_and_comments_say(
        self, said: list[tuple[int, bytes]]
    ) -> None:
        odd = jpeg_with(*[segment(marker, data) for marker, data in said])
        assert _strip(odd).data == _strip(JPEG).data

    @given(st.lists(st.tuples(ANCILLARY, st.binary(max_size=200), st.booleans()), max_size=9), st.booleans())
    def test_png_is_the_same_whatever_ancillary_chunks_say(
        self, said: list[tuple[bytes, bytes, bool]], behind: bool
    ) -> None:
        chunks = [chunk(name, data, None if is_sound else 7) for name, data, is_sound in said]
        assert _strip(png_with(*chunks, behind=behind)).data == _strip(PNG).data

    @given(
        st.lists(
            st.tuples(st.sampled_from([b"EXIF", b"XMP ", b"ICCP", b"abcd"]), st.binary(max_size=200)),
            max_size=9,
        ),
        st.booleans(),
    )
    def test_webp_is_the_same_whatever_other_chunks_say(
        self, said: list[tuple[bytes, bytes]], before: bool
    ) -> None:
        odd = webp_with(*[part(name, data) for name, data in said], before=before)
        assert _strip(odd).data == _strip(WEBP).data

    def test_transparency_of_webp_is_kept(self) -> None:
        image = pictures.scene(mode="RGBA")
        image.putalpha(77)
        odd = pictures.encode(image, "WEBP", exif=b"Exif\0\0")
        assert pictures.decode(_strip(odd).data).getpixel((5, 5)) == pictures.decode(odd).getpixel((5, 5))

    def test_transparency_of_png_is_kept(self) -> None:
        red = png_with(chunk(b"tRNS", struct.pack(">HHH", *pictures.RED)))
        assert pictures.decode(_strip(red).data).info["transparency"] == pictures.RED

    def test_what_says_the_colour_space_of_a_jpeg_is_kept(self) -> None:
        cmyk = pictures.encode(pictures.scene(mode="CMYK"))
        assert pictures.segments(_strip(cmyk).data)[0] == 0xEE


class TestAnything:
    @given(st.sampled_from(STARTS), st.binary(max_size=300))
    def test_is_a_picture_or_refused(self, start: bytes, rest: bytes) -> None:
        with suppress(BadPicture):
            _strip(start + rest)

    @given(st.sampled_from([JPEG, PNG, WEBP]), st.data())
    def test_broken_anywhere_is_a_picture_or_refused(self, photo: bytes, data: st.DataObject) -> None:
        broken = bytearray(photo)
        for at in data.draw(st.lists(st.integers(3, len(photo) - 1), min_size=1, max_size=9)):
            broken[at] = data.draw(st.integers(0, 255))
        with suppress(BadPicture):
            _strip(bytes(broken))

    @pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF"])
    def test_nothing_behind_a_start_is_unreadable(self, data: bytes) -> None:
        with pytest.raises(BadPicture, match="unreadable"):
            _strip(data)


class TestPixels:
    def test_many_are_known_by_the_header(self) -> None:
        frame = segment(0xC0, struct.pack(">BHHB", 8, 20_000, 20_000, 1) + b"\1\x11\0")
        huge = [
            STARTS[0][:2] + frame + segment(0xDA, b"\1\1\0\0\x3f\0"),
            pictures.png_of_many_pixels(20_000, 20_000),
            STARTS[2] + part(b"VP8L", b"\x2f" + b"\xff" * 9),
            STARTS[2] + part(b"VP8 ", b"\0\0\0\x9d\1\x2a\xff\x3f\xff\x3f"),
            STARTS[2] + part(b"VP8X", b"\2\0\0\0" + b"\xff" * 6) + part(b"ANMF", bytes(16)),
        ]
        for data in huge:
            with pytest.raises(BadPicture, match="too_many_pixels"):
                _strip(data)

    @pytest.mark.parametrize("name", [b"VP8 ", b"VP8L"])
    def test_are_not_counted_by_what_is_no_header(self, name: bytes) -> None:
        with pytest.raises(BadPicture, match="unreadable"):
            _strip(STARTS[2] + part(name, b"\xee" * 99))

    @pytest.mark.parametrize("interlacing", [0, 1])
    @pytest.mark.parametrize(("depth", "colours"), [(1, 0), (2, 3), (4, 3), (8, 2), (16, 4), (16, 6)])
    @given(width=st.integers(1, 40), height=st.integers(1, 40))
    def test_of_a_png_none_may_be_missing(
        self, depth: int, colours: int, interlacing: int, width: int, height: int
    ) -> None:
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, interlacing))
        needed = _bytes_needed(width, height, depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colours], interlacing)
        whole, short = (zlib.compress(bytes(size)) for size in (needed, needed - 1))
        assert _strip(STARTS[1] + header + chunk(b"IDAT", whole)).data
        with pytest.raises(BadPicture, match="unreadable"):
            _strip(STARTS[1] + header + chunk(b"IDAT", short))

    @pytest.mark.parametrize("end", ["whole", "no checksum", "no last block", "more behind"])
    def test_of_a_large_png_are_kept(self, end: str) -> None:
        """Larger than what is unfolded at once."""
        large = pictures.scene(2500, 2500)
        rows = b"".join(b"\0" + large.crop((0, y, 2500, y + 1)).tobytes() for y in range(2500))
        folding = zlib.compressobj(1)
        open_ended = folding.compress(rows) + folding.flush(zlib.Z_SYNC_FLUSH)
        whole = open_ended + folding.flush()
        more = zlib.compress(rows + bytes(40_000_000))
        data = {"whole": whole, "no checksum": whole[:-4], "no last block": open_ended, "more behind": more}[
            end
        ]
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", 2500, 2500, 8, 2, 0, 0, 0))
        assert (
            pictures.decode(_strip(STARTS[1] + header + chunk(b"IDAT", data)).data).tobytes()
            == large.tobytes()
        )


def _bytes_needed(width: int, height: int, bits: int, interlacing: int) -> int:
    """Counted pixel by pixel, as the specification draws the passes of Adam7."""
    drawn = ("16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777")
    rows: dict[tuple[str, int], int] = {}
    for y in range(height):
        for x in range(width):
            key = (drawn[y % 8][x % 8] if interlacing else "", y)
            rows[key] = rows.get(key, 0) + 1
    return sum(1 + -(-bits * pixels // 8) for pixels in rows.values())


class TestEnd:
    @pytest.mark.parametrize(
        "options", [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_blocks": 1}]
    )
    def test_of_a_jpeg_is_made_where_it_is_missing(self, options: dict[str, Any]) -> None:
        whole = pictures.encode(pictures.scene(), **options)
        assert _strip(whole).noisy is None
        for cut in (whole[:-2], whole[:-1]):
            assert _strip(cut).data == _strip(whole).data
            assert _strip(cut).noisy

    def test_of_a_jpeg_before_its_last_scan_is_no_end(self) -> None:
        """Such a picture is shown from edge to edge, and blurred."""
        progressive = pictures.encode(pictures.scene(), progressive=True)
        last = progressive.rindex(b"\xff\xda")
        with pytest.raises(BadPicture, match="unreadable"):
            _strip(progressive[: progressive.rindex(b"\xff\xc4", 0, last)])


class TestOrientation:
    WRITE: dict[str, Callable[[bytes], bytes]] = {  # noqa: RUF012
        "JPEG": lambda block: jpeg_with(segment(0xE1, block)),
        "PNG": lambda block: png_with(chunk(b"eXIf", block.removeprefix(b"Exif\0\0"))),
        "PNG, behind": lambda block: png_with(chunk(b"eXIf", block[6:]), behind=True),
        "WebP": lambda block: webp_with(part(b"EXIF", block)),
        "WebP, without a name": lambda block: webp_with(part(b"EXIF", block[6:])),
    }

    @pytest.mark.parametrize("kind", WRITE)
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_is_read_although_the_rest_is_broken(self, kind: str, orientation: int) -> None:
        block = pictures.exif(orientation).tobytes()
        noise = random.Random(orientation).randbytes(300)
        at = block.index(b"\x01\x12\0\3") + 10
        for broken in (block, block[:at], block[:at] + noise):
            assert _strip(self.WRITE[kind](broken)).orientation == orientation

    @given(st.binary(max_size=120), st.sampled_from([b"", b"Exif\0\0II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"]))
    @example(b"", b"MM\0*\xff\xff\xff\xff")
    def test_is_upright_or_turned_whatever_the_block_is(self, rest: bytes, start: bytes) -> None:
        assert exif.orientation(start + rest) in range(1, 9)

    @pytest.mark.parametrize("value", [0, 9, 65_535])
    def test_that_does_not_exist_is_upright(self, value: int) -> None:
        assert _strip(jpeg_with(segment(0xE1, pictures.exif(value).tobytes()))).orientation == 1

    def test_is_the_first_that_is_said(self) -> None:
        blocks = [b"Exif\0\0 nothing", pictures.exif(6).tobytes(), pictures.exif(3).tobytes()]
        assert _strip(jpeg_with(*[segment(0xE1, block) for block in blocks])).orientation == 6


class TestProfile:
    def test_is_given_as_it_was(self) -> None:
        for kind in ("JPEG", "PNG", "WEBP"):
            assert _strip(pictures.encode(pictures.scene(), kind, icc_profile=PROFILE)).profile == PROFILE

    def test_of_megabytes_is_given_as_it_was(self) -> None:
        long = PROFILE + random.Random(1).randbytes(1_500_000)
        for kind in ("JPEG", "PNG", "WEBP"):
            assert _strip(pictures.encode(pictures.scene(), kind, icc_profile=long)).profile == long

    @pytest.mark.parametrize("length", [LONGEST_PROFILE, LONGEST_PROFILE + 1, 100_000_000])
    def test_longer_than_any_is_left_out(self, length: int) -> None:
        folded = zlib.compress(bytes(length))
        profile = _strip(png_with(chunk(b"iCCP", b"name\0\0" + folded))).profile
        assert (profile is not None) == (length <= LONGEST_PROFILE)

    def test_in_parts_is_put_together_in_their_order(self) -> None:
        two, one = (segment(0xE2, b"ICC_PROFILE\0" + data) for data in (b"\2\2def", b"\1\2abc"))
        assert _strip(jpeg_with(two, one)).profile == b"abcdef"
        assert _strip(jpeg_with(two)).profile is None

    @pytest.mark.parametrize("checksum", [None, 7])
    def test_of_png_with_a_wrong_checksum_is_left_out(self, checksum: int | None) -> None:
        data = b"name\0\0" + zlib.compress(PROFILE)
        assert _strip(png_with(chunk(b"iCCP", data, checksum))).profile == (None if checksum else PROFILE)


def test_noise_holds_no_marker_but_restarts() -> None:
    """Else the decoder would stop at it, and never see that pixels are missing."""
    assert jpeg._MARKER.search(jpeg._NOISY_END[:-2]) is None


class TestPlace:
    @pytest.mark.parametrize(
        ("south", "west", "place"), [("N", "E", (48.813, 2.342)), ("S", "W", (-48.813, -2.342))]
    )
    def test_is_read_on_every_side_of_the_earth(
        self, south: str, west: str, place: tuple[float, float]
    ) -> None:
        tags = pictures.exif()
        tags.get_ifd(0x8825).update({1: south, 3: west})
        block = tags.tobytes()
        assert exif.place(block) == pytest.approx(place)
        assert _strip(jpeg_with(segment(0xE1, block))).place == pytest.approx(place)

    @pytest.mark.parametrize(
        "gps",
        [
            {},
            {1: "N", 2: (48.0, 48.0, 46.8)},
            {1: "N", 2: (91.0, 0.0, 0.0), 3: "E", 4: (2.0, 0.0, 0.0)},
            {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        ],
        ids=["nothing", "half", "not on earth", "nowhere"],
    )
    def test_is_nothing_where_the_photo_does_not_say(self, gps: dict[int, Any]) -> None:
        tags = pictures.exif()
        tags.get_ifd(0x8825).clear()
        tags.get_ifd(0x8825).update(gps)
        assert exif.place(tags.tobytes()) is None

    @given(st.integers(0, 400), st.binary(max_size=60))
    def test_is_a_place_or_nothing_however_the_block_is_broken(self, start: int, noise: bytes) -> None:
        block = bytearray(pictures.exif().tobytes())
        block[start : start + len(noise)] = noise
        for broken in (bytes(block), bytes(block[:start])):
            place = exif.place(broken)
            assert place is None or (abs(place[0]) <= 90 and abs(place[1]) <= 180)
