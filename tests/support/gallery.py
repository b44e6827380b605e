"""The gallery of bad photos: what is refused, with HTTP status and code, and what is cleaned."""

from __future__ import annotations

import os
import zipfile
from io import BytesIO

from PIL import Image

from services.intake.domain.photos import MAX_BYTES
from tests.support import pictures, whole

GOOD = pictures.encode(pictures.scene(300, 200))


def _zip_behind(photo: bytes) -> bytes:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("evil.js", "alert(document.cookie)")
    return photo + archive.getvalue()


def _random(kind: str) -> bytes:
    start = {
        "JPEG": b"\xff\xd8\xff\xe0",
        "PNG": b"\x89PNG\r\n\x1a\n",
        "WEBP": b"RIFF\xff\xff\xff\x7fWEBPVP8 ",
    }
    return start[kind] + os.urandom(5000)


REFUSED = {
    "169 megapixels in 20 KiB": (pictures.png_of_many_pixels(13_000, 13_000), 413, "too_many_pixels"),
    "49 megapixels": (pictures.png_of_many_pixels(7000, 7000), 413, "too_many_pixels"),
    "900 megapixels": (pictures.png_of_many_pixels(30_000, 30_000), 413, "too_many_pixels"),
    "2 gigapixels in one row": (pictures.png_of_many_pixels(2_000_000_000, 1), 413, "too_many_pixels"),
    "cut JPEG": (GOOD[: len(GOOD) // 2], 422, "unreadable"),
    "cut PNG": (pictures.encode(pictures.scene(), "PNG")[:-40], 422, "unreadable"),
    "zero bytes": (b"", 422, "empty"),
    "one byte": (b"\xff", 415, "not_a_photo"),
    "SVG with a script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", 415, "not_a_photo"),
    "HTML": (b"<!doctype html><script>alert(1)</script>", 415, "not_a_photo"),
    "PHP with a photo behind it": (b"<?php system($_GET[0]); ?>" + GOOD, 415, "not_a_photo"),
    "GIF": (pictures.encode(pictures.scene(), "GIF"), 415, "not_a_photo"),
    "TIFF": (pictures.encode(pictures.scene(), "TIFF"), 415, "not_a_photo"),
    "BMP": (pictures.encode(pictures.scene(), "BMP"), 415, "not_a_photo"),
    "PDF": (b"%PDF-1.7\n" + b"x" * 500, 415, "not_a_photo"),
    "HEIC": (b"\0\0\0\x18ftypheic" + b"\0" * 500, 415, "not_a_photo"),
    "random behind a JPEG's start": (_random("JPEG"), 422, "unreadable"),
    "random behind a PNG's start": (_random("PNG"), 422, "unreadable"),
    "random behind a WebP's start": (_random("WEBP"), 422, "unreadable"),
    "50 MB": (b"\xff\xd8\xff" + b"x" * 50_000_000, 413, "too_large"),
    "a little over 15 MiB": (GOOD + b"x" * (MAX_BYTES - len(GOOD) + 1), 413, "too_large"),
}

CLEANED = {
    "JPEG with a ZIP behind it": _zip_behind(GOOD),
    "JPEG named otherwise inside": GOOD[:2] + b"\xff\xfe\x00\x20<script>alert(1)</script>....." + GOOD[2:],
    "EXIF with GPS": pictures.turned(6),
    "thumbnail inside that shows more": pictures.with_thumbnail_inside(
        GOOD, pictures.encode(Image.new("RGB", (32, 32), (255, 0, 255)))
    ),
    "moving WebP of 500 frames": pictures.encode(
        pictures.scene(64, 48), "WEBP", save_all=True, append_images=[pictures.scene(64, 48)] * 500
    ),
    "moving PNG": pictures.encode(
        pictures.scene(),
        "PNG",
        save_all=True,
        append_images=[Image.new("RGB", (120, 80), c) for c in ["red", "blue"]],
    ),
    "CMYK": pictures.encode(pictures.scene(mode="CMYK")),
    "16 bits": pictures.encode(Image.new("I;16", (80, 80), 30_000), "PNG"),
    "text that unfolds to 200 MB": whole.PNGS["text of 200 MB"],
    "JPEG without its end": GOOD[:-2],
    "profile of noise": whole.WEBPS["profile of noise"],
    "15 MiB": GOOD + b"x" * (MAX_BYTES - len(GOOD)),
}
