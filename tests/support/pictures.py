"""Pictures made for tests, good and bad; none of them is anybody's."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms, ImageDraw

RED, GREEN, BLUE = (200, 30, 40), (30, 160, 60), (40, 60, 190)


def scene(width: int = 120, height: int = 80, mode: str = "RGB") -> Image.Image:
    """Red at the top left, green at the top right, blue below: one can tell how it is turned."""
    image = Image.new("RGB", (width, height), BLUE)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2, height // 2), RED)
    draw.rectangle((width // 2 + 1, 0, width + 1, height // 2), GREEN)
    return image.convert(mode)


def encode(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of `image` as `kind` (JPEG, PNG, WEBP)."""
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def decode(data: bytes) -> Image.Image:
    """The picture in `data`."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def unlike_any(seed: int, kind: str = "JPEG") -> bytes:
    """A small picture that no other seed gives."""
    colours = random.Random(seed)
    image = scene()
    for x in range(12):
        image.putpixel((x, 60), (colours.randrange(256), colours.randrange(256), colours.randrange(256)))
    return encode(image, kind, **({"quality": 95} if kind == "JPEG" else {}))


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: where the photo was taken, by whose device, and how it was held."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F], tags[0x0110], tags[0x013B] = "Phonemaker", "Model 7", "Ada Martin"
    tags.get_ifd(0x8825).update({1: "N", 2: (48.0, 48.0, 46.8), 3: "E", 4: (2.0, 20.0, 31.2)})
    tags.get_ifd(0x8769).update({0x9003: "2026:11:22 10:00:00", 0xA430: "Ada Martin", 0x927C: b"maker note"})
    return tags


def with_thumbnail_inside(picture: bytes, thumbnail: bytes) -> bytes:
    """The JPEG `picture` with an EXIF block whose first directory after the main one holds `thumbnail`."""
    main = struct.pack(">HHHII", 1, 0x0112, 3, 1, 1 << 16)
    second = struct.pack(">HHHII", 3, 0x0103, 3, 1, 6 << 16)
    at = 8 + 2 + 12 + 4 + 2 + 36 + 4
    second += struct.pack(">HHII", 0x0201, 4, 1, at) + struct.pack(">HHII", 0x0202, 4, 1, len(thumbnail))
    tiff = b"MM\0*" + struct.pack(">I", 8) + main + struct.pack(">I", 8 + len(main) + 4) + second
    block = b"Exif\0\0" + tiff + struct.pack(">I", 0) + thumbnail
    return picture[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + picture[2:]


def turned(orientation: int, kind: str = "JPEG") -> bytes:
    """`scene` as it is stored by a device that was held that way: upright only for who reads the EXIF."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = scene()
    stored = image.transpose(undo[orientation]) if orientation in undo else image
    return encode(stored, kind, exif=exif(orientation).tobytes())


def png_of_many_pixels(width: int, height: int) -> bytes:
    """A PNG, a few KiB long, whose header and data are of `width` × `height` pixels of one colour."""
    row = b"\0" + bytes((width + 7) // 8)
    squeeze = zlib.compressobj(9)
    data = b"".join(squeeze.compress(row) for _ in range(height)) + squeeze.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def chunk(name: bytes, data: bytes, checksum: int | None = None) -> bytes:
    """A chunk of PNG; `checksum`: another than the right one."""
    right = zlib.crc32(name + data)
    return (
        struct.pack(">I", len(data))
        + name
        + data
        + struct.pack(">I", right if checksum is None else checksum)
    )


def png_with(*chunks: bytes, picture: bytes = b"", behind: bool = False) -> bytes:
    """A PNG (`scene`, or `picture`) with these chunks before its image data, or `behind` them."""
    png = picture or encode(scene(), "PNG")
    at = len(png) - 12 if behind else 33
    return png[:at] + b"".join(chunks) + png[at:]


def segment(marker: int, data: bytes, length: int | None = None) -> bytes:
    """A segment of JPEG; `length`: another than the right one."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2 if length is None else length) + data


def jpeg_with(*segments: bytes, picture: bytes = b"") -> bytes:
    """A JPEG (`scene`, or `picture`) with these segments at its beginning."""
    jpeg = picture or encode(scene())
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def part(name: bytes, data: bytes, length: int | None = None) -> bytes:
    """A chunk of WebP; `length`: another than the right one."""
    header = name + struct.pack("<I", len(data) if length is None else length)
    return header + data + b"\0" * (len(data) % 2)


def webp_with(*parts: bytes, picture: bytes = b"", before: bool = False) -> bytes:
    """A WebP (`scene`, or `picture`) in the extended form, with these chunks behind or `before` its image."""
    webp = picture or encode(scene(), "WEBP")
    image, added = webp[12:], b"".join(parts)
    width, height = decode(webp).size
    extended = part(
        b"VP8X", struct.pack("<I", 0x2C) + b"".join((n - 1).to_bytes(3, "little") for n in (width, height))
    )
    chunks = extended + (added + image if before else image + added)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def swapped_profile() -> bytes:
    """A colour profile like sRGB's in which what is called red is blue, and blue red."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for old, new in ((b"rXYZ", b"?XYZ"), (b"bXYZ", b"rXYZ"), (b"?XYZ", b"bXYZ")):
        profile = profile.replace(old, new, 1)
    return profile


def segments(jpeg: bytes) -> list[int]:
    """The markers of a JPEG's segments up to its first scan, in order."""
    found, at = [], 2
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + int(struct.unpack(">H", jpeg[at + 2 : at + 4])[0])
    return found
