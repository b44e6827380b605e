"""Cleans one photo in a process of its own, run by its path: from standard input to standard output.

It imports nothing of the project but `containers`, sees no secret, and may be killed at any moment. What it
writes: a line of JSON, then the full image and the thumbnail. Exit code 3: refused, the line says why.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import resource
import sys
import warnings
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps

from services.intake.photos import containers
from services.intake.photos.containers import BadPicture, Picture
from services.intake.photos.containers.exif import Point

FORMATS = ("JPEG", "PNG", "WEBP")
REFUSED = 3
_WHITE = (255, 255, 255)
_ORIENTATION = 0x0112
_STRIP = 256  # rows


def limit(memory: int, seconds: int) -> None:
    """Give this process `memory` bytes, `seconds` of processor, no file, no child, and a low priority."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    for nothing in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(nothing, (0, 0))
    os.nice(10)


Cleaned = tuple[Image.Image, Image.Image, Point | None]


def clean(data: bytes, max_pixels: int, edge: int, thumbnail_edge: int) -> Cleaned:
    """The picture itself and its thumbnail: upright, RGB, at most `edge` pixels long, and nothing else.

    With it, where it was taken, if the file says so.

    Raises BadPicture: too_many_pixels (known before any decoding), unreadable, too_costly.
    """
    Image.MAX_IMAGE_PIXELS = max_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture = containers.strip(data, max_pixels)
        full = _upright(picture, edge)
        return full, _fit(full, thumbnail_edge), picture.place
    except BadPicture:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise BadPicture("too_many_pixels") from None
    except MemoryError:
        raise BadPicture("too_costly") from None
    except Exception:  # a decoder fed with anything may raise anything
        raise BadPicture("unreadable") from None


def _upright(picture: Picture, edge: int) -> Image.Image:
    with_noise = _digest(_decoded(picture.noisy, edge)) if picture.noisy else None
    image = _decoded(picture.data, edge)
    if with_noise and with_noise != _digest(image):
        raise BadPicture("unreadable")
    fitted = _fit(_direct(image), edge)
    fitted.getexif()[_ORIENTATION] = picture.orientation
    return _bare(ImageOps.exif_transpose(fitted), picture.profile)


def _decoded(data: bytes, edge: int) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    # JPEG alone can decode at a fraction of its size, which spares most of the work.
    image.draft(None, (edge, edge))
    image.load()
    return image


def _digest(image: Image.Image) -> bytes:
    """What tells two pictures apart, read in strips so that no second copy of the whole is made."""
    digest = hashlib.sha256()
    for top in range(0, image.height, _STRIP):
        strip = image.crop((0, top, image.width, min(top + _STRIP, image.height)))
        digest.update(strip.tobytes())
    return digest.digest()


def _direct(image: Image.Image) -> Image.Image:
    """`image` in a mode that can be scaled: no palette, no 16 bits."""
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("P", "1", "PA") or "transparency" in image.info:
        return image.convert("RGBA")
    return image


def _fit(image: Image.Image, edge: int) -> Image.Image:
    """A copy of `image` whose longer side has at most `edge` pixels."""
    scale = min(1.0, edge / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0) if scale < 1 else image.copy()


def _bare(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The pixels alone in a new image: sRGB, transparency on white."""
    bare = Image.new("RGB", image.size, _WHITE)
    if image.mode in ("RGBA", "LA"):
        bare.paste(_to_srgb(image.convert("RGBA"), profile), mask=image.getchannel("A"))
    else:
        bare.paste(_to_srgb(image, profile))
    return bare


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            given, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            colours = image.convert("RGB") if image.mode == "RGBA" else image
            converted = ImageCms.profileToProfile(colours, given, srgb, outputMode="RGB")
            return converted or image.convert("RGB")
        except Exception:  # a profile that is broken, or not of these colours, is as good as none
            return image.convert("RGB")
    return image.convert("RGB")


def jpeg(image: Image.Image, quality: int) -> bytes:
    """`image` as JPEG, with no segment beside those that the picture needs."""
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
    return written.getvalue()


def main(arguments: list[str], given: BinaryIO, result: BinaryIO) -> int:
    """Read, clean, write. Arguments: bytes of memory, seconds, most pixels, edge, thumbnail's edge."""
    memory, seconds, max_pixels, edge, thumbnail_edge = map(int, arguments)
    limit(memory, seconds)
    try:
        full, thumbnail, place = clean(given.read(), max_pixels, edge, thumbnail_edge)
        parts = [jpeg(full, 85), jpeg(thumbnail, 80)]
    except BadPicture as refusal:
        result.write(json.dumps({"refused": str(refusal)}).encode())
        return REFUSED
    except MemoryError:
        result.write(json.dumps({"refused": "too_costly"}).encode())
        return REFUSED
    facts = {
        "width": full.width,
        "height": full.height,
        "sizes": [len(part) for part in parts],
        "place": place,
    }
    result.write(b"\n".join([json.dumps(facts).encode(), b"".join(parts)]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer))
