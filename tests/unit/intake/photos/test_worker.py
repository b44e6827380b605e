"""Cleaning a photo: upright, sRGB, scaled, and nothing left beside the picture."""

from __future__ import annotations

import random
import warnings
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from PIL import Image

from services.intake.photos import worker
from services.intake.photos.containers import BadPicture
from tests.support import pictures
from tests.support.whole import WHOLE

MANY = 40_000_000
EDGE = 2048


def _clean(data: bytes, pixels: int = MANY) -> Image.Image:
    full, *_ = worker.clean(data, pixels, EDGE, 400)
    return full


def _is_upright(image: Image.Image) -> bool:
    w, h = image.size
    corners = [image.getpixel(at) for at in ((5, 5), (w - 6, 5), (5, h - 6))]
    wanted = (pictures.RED, pictures.GREEN, pictures.BLUE)
    return all(_near(seen, colour) for seen, colour in zip(corners, wanted, strict=True))


def _near(seen: object, wanted: tuple[int, ...], by: int = 14) -> bool:
    assert isinstance(seen, tuple)
    return all(abs(a - b) <= by for a, b in zip(seen, wanted, strict=True))


@pytest.fixture(autouse=True)
def _limit_as_before() -> object:
    """The worker changes Pillow's limit for its own process; here the process is the tests'."""
    before = Image.MAX_IMAGE_PIXELS
    yield
    Image.MAX_IMAGE_PIXELS = before


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_photo_comes_out_upright_whichever_way_it_was_held(kind: str, orientation: int) -> None:
    cleaned = _clean(pictures.turned(orientation, kind))
    assert cleaned.size == (120, 80)
    assert _is_upright(cleaned)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_left_of_what_a_telephone_wrote(kind: str) -> None:
    image = pictures.scene()
    options = {"exif": pictures.exif().tobytes(), "icc_profile": pictures.swapped_profile()}
    options |= {"xmp": b"<x:xmpmeta>Ada Martin</x:xmpmeta>"} if kind != "PNG" else {}
    options |= {"comment": b"Ada Martin"} if kind == "JPEG" else {}
    written = worker.jpeg(_clean(pictures.encode(image, kind, **options)), 85)
    # JFIF header, tables, frame: no APP1 (EXIF, XMP), no APP2 (ICC), no APP13 (IPTC), no comment.
    assert set(pictures.segments(written)) <= {0xE0, 0xDB, 0xC2, 0xC4}
    assert b"Ada" not in written
    assert b"Phonemaker" not in written


def test_thumbnail_that_shows_more_than_the_picture_is_gone() -> None:
    inside = pictures.encode(Image.new("RGB", (32, 32), (255, 0, 255)))
    data = pictures.with_thumbnail_inside(pictures.encode(pictures.scene()), inside)
    assert data.count(b"\xff\xd8\xff") == 2
    written = worker.jpeg(_clean(data), 85)
    assert written.count(b"\xff\xd8\xff") == 1
    assert 0xE1 not in pictures.segments(written)


@pytest.mark.parametrize("name", WHOLE)
def test_photo_with_all_its_pixels_is_taken_whatever_is_broken_beside_them(name: str) -> None:
    cleaned = _clean(WHOLE[name])
    assert cleaned.size == (120, 80)
    assert _is_upright(cleaned)


class TestCut:
    KINDS: Mapping[str, dict[str, Any]] = {
        "JPEG": {},
        "JPEG, progressive": {"progressive": True},
        "JPEG, all colours": {"subsampling": 0, "quality": 95},
        "JPEG, with restart markers": {"restart_marker_blocks": 2},
        "PNG": {},
        "WEBP": {"exif": pictures.exif().tobytes()},
        "WEBP, lossless": {"lossless": True},
    }

    @pytest.mark.parametrize("kind", KINDS)
    def test_photo_is_taken_only_with_all_its_pixels(self, kind: str) -> None:
        noise = Image.effect_noise((40, 30), 80).convert("RGB")
        photo = pictures.encode(noise, kind.partition(",")[0], **self.KINDS[kind])
        whole, taken = _clean(photo).tobytes(), 0
        for end in range(len(photo) - 1, 12, -1):
            with suppress(BadPicture):
                assert _clean(photo[:end]).tobytes() == whole
                taken += 1
        assert taken < len(photo) / 2

    def test_photo_cut_in_the_middle_is_refused_though_its_end_is_there(self) -> None:
        png = pictures.encode(pictures.scene(400, 300), "PNG")
        with pytest.raises(BadPicture, match="unreadable"):
            _clean(png[: len(png) // 2] + png[-12:])


class TestSize:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [((4000, 3000), (2048, 1536)), ((2048, 10), (2048, 10)), ((30, 5000), (12, 2048)), ((1, 1), (1, 1))],
    )
    def test_longer_side_is_at_most_2048(self, given: tuple[int, int], kept: tuple[int, int]) -> None:
        assert _clean(pictures.encode(pictures.scene(*given))).size == kept

    def test_thumbnail_is_at_most_400(self) -> None:
        _, thumbnail, _ = worker.clean(pictures.encode(pictures.scene(1000, 500)), MANY, EDGE, 400)
        assert thumbnail.size == (400, 200)
        assert _is_upright(thumbnail)

    def test_no_side_vanishes(self) -> None:
        assert _clean(pictures.encode(Image.new("1", (1, 100_000)), "PNG")).size == (1, 2048)


class TestColours:
    @pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "LA", "1"])
    def test_png_of_any_mode_becomes_rgb(self, mode: str) -> None:
        cleaned = _clean(pictures.encode(pictures.scene(mode=mode), "PNG"))
        assert cleaned.mode == "RGB"
        assert cleaned.size == (120, 80)

    def test_palette_keeps_its_colours(self) -> None:
        assert _is_upright(_clean(pictures.encode(pictures.scene().quantize(8), "PNG")))

    def test_cmyk_keeps_its_colours(self) -> None:
        assert _is_upright(_clean(pictures.encode(pictures.scene(mode="CMYK"), "JPEG", quality=95)))

    def test_16_bit_grey_keeps_its_grey(self) -> None:
        grey = Image.new("I;16", (50, 50), 0x8000)
        assert _near(_clean(pictures.encode(grey, "PNG")).getpixel((9, 9)), (128, 128, 128), 2)

    def test_transparent_becomes_white(self) -> None:
        clear = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
        assert _clean(pictures.encode(clear, "PNG")).getpixel((9, 9)) == (255, 255, 255)

    def test_profile_is_applied_before_it_is_thrown_away(self) -> None:
        data = pictures.encode(pictures.scene(), "PNG", icc_profile=pictures.swapped_profile())
        red, green, blue = pictures.RED
        assert _near(_clean(data).getpixel((5, 5)), (blue, green, red), 25)

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_long_profile_is_applied_too(self, kind: str) -> None:
        profile = pictures.swapped_profile() + random.Random(1).randbytes(1_500_000)
        red, green, blue = pictures.RED
        data = pictures.encode(pictures.scene(), kind, icc_profile=profile)
        assert _near(_clean(data).getpixel((5, 5)), (blue, green, red), 25)

    @pytest.mark.parametrize("profile", [b"garbage", b"\0" * 3000], ids=["garbage", "zeros"])
    def test_broken_profile_is_as_good_as_none(self, profile: bytes) -> None:
        assert _is_upright(_clean(pictures.encode(pictures.scene(), "PNG", icc_profile=profile)))

    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    def test_of_moving_pictures_the_first_is_kept(self, kind: str) -> None:
        others = [Image.new("RGB", (120, 80), (n, n, n)) for n in range(20)]
        data = pictures.encode(pictures.scene(), kind, save_all=True, append_images=others, duration=50)
        assert _is_upright(_clean(data))


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (pictures.png_of_many_pixels(13_000, 13_000), "too_many_pixels"),
            (pictures.png_of_many_pixels(30_000, 30_000), "too_many_pixels"),
            (pictures.encode(pictures.scene(400, 300))[:2000], "unreadable"),
            (pictures.encode(pictures.scene(), "PNG")[:-30], "unreadable"),
            (pictures.encode(pictures.scene(), "WEBP")[:-30], "unreadable"),
            (b"\xff\xd8\xff" + b"nothing of a JPEG" * 9, "unreadable"),
            (b"GIF89a" + b"\0" * 100, "unreadable"),
        ],
        ids=["169 MP", "900 MP", "cut JPEG", "cut PNG", "cut WebP", "no JPEG", "GIF"],
    )
    def test_bad_photo_is_refused_with_its_reason(self, data: bytes, reason: str) -> None:
        with pytest.raises(BadPicture, match=reason):
            _clean(data)

    def test_limit_of_pixels_is_exact(self) -> None:
        data = pictures.png_of_many_pixels(100, 100)
        assert _clean(data, 10_000).size == (100, 100)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as in a process of its own, where Pillow would only warn
            with pytest.raises(BadPicture, match="too_many_pixels"):
                _clean(data, 9_999)

    def test_many_pixels_are_not_decoded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
        with pytest.raises(BadPicture, match="too_many_pixels"):
            _clean(pictures.png_of_many_pixels(13_000, 13_000))
