"""Pictures of `pictures.scene` with all their pixels, and something beside these broken, huge or missing."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Mapping

from tests.support.pictures import (
    chunk,
    encode,
    exif,
    jpeg_with,
    part,
    png_with,
    scene,
    segment,
    swapped_profile,
    webp_with,
)

_NOISE = random.Random(9).randbytes(2_000_000)
_JPEG, _PNG, _WEBP = encode(scene()), encode(scene(), "PNG"), encode(scene(), "WEBP")
_PROGRESSIVE = encode(scene(), progressive=True)
_EXIF = exif().tobytes()
_ADLER = len(_PNG) - 12 - 4 - 4  # where the checksum of the pixels stands


def _image_data(png: bytes) -> bytes:
    """What the only IDAT of `png` holds."""
    at = png.index(b"IDAT")
    [length] = struct.unpack(">I", png[at - 4 : at])
    return png[at + 4 : at + 4 + length]


def _png_of(image_data: bytes) -> bytes:
    return _PNG[: _PNG.index(b"IDAT") - 4] + chunk(b"IDAT", image_data) + chunk(b"IEND", b"")


JPEGS: Mapping[str, bytes] = {
    "EXIF of noise": jpeg_with(segment(0xE1, b"Exif\0\0" + _NOISE[:500])),
    "EXIF cut short": jpeg_with(segment(0xE1, _EXIF[:40])),
    "EXIF without a directory": jpeg_with(segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff")),
    "EXIF named alone": jpeg_with(segment(0xE1, b"Exif\0\0")),
    "EXIF in 150 segments": jpeg_with(*[segment(0xE1, b"Exif\0\0" + _NOISE[:65_000])] * 150),
    "EXIF shorter than it is": jpeg_with(segment(0xE1, _EXIF, 20)),
    "2,000 segments": jpeg_with(*[segment(0xEB, b"x")] * 2000),
    "JFIF of five bytes": jpeg_with(segment(0xE0, b"JFIF\0")),
    "Adobe of five bytes": jpeg_with(segment(0xEE, b"Adobe")),
    "profile without a number": jpeg_with(segment(0xE2, b"ICC_PROFILE\0")),
    "profile of which a part is missing": jpeg_with(segment(0xE2, b"ICC_PROFILE\0\1\2" + swapped_profile())),
    "profile of noise": jpeg_with(segment(0xE2, b"ICC_PROFILE\0\1\1" + _NOISE[:5000])),
    "Photoshop resources cut short": jpeg_with(segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04")),
    "index of other pictures of noise": jpeg_with(segment(0xE2, b"MPF\0" + _NOISE[:200])),
    "XMP of noise": jpeg_with(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _NOISE[:60_000])),
    "comment without a length": jpeg_with(segment(0xFE, b"", 0)),
    "no end": _JPEG[:-2],
    "half an end": _JPEG[:-1],
    "zeros for an end": _JPEG[:-2] + bytes(512),
    "no end, progressive": _PROGRESSIVE[:-2],
    "no end, with restart markers": encode(scene(), restart_marker_blocks=2)[:-2],
    "no end, and a ZIP": _JPEG[:-2] + b"PK\x03\x04\xff\x02" + bytes(99),
    "another picture behind it": _JPEG * 2,
}
PNGS: Mapping[str, bytes] = {
    "text with a wrong checksum": png_with(chunk(b"tEXt", b"Comment\0Ada", 7)),
    "text of 200 MB": png_with(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9))),
    "text in an unknown compression": png_with(chunk(b"zTXt", b"Comment\0\7" + _NOISE[:99])),
    "XMP of 2 MB": png_with(
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(_NOISE.hex().encode()))
    ),
    "2,000 texts": png_with(*[chunk(b"tEXt", b"a\0b")] * 2000),
    "profile of noise": png_with(chunk(b"iCCP", b"name\0\0" + zlib.compress(_NOISE[:3000]))),
    "profile in an unknown compression": png_with(chunk(b"iCCP", b"name\0\7" + _NOISE[:3000])),
    "profile with a wrong checksum": png_with(
        chunk(b"iCCP", b"name\0\0" + zlib.compress(swapped_profile()), 7)
    ),
    "EXIF of noise": png_with(chunk(b"eXIf", _NOISE[:500])),
    "EXIF behind the pixels, cut short": png_with(chunk(b"eXIf", _EXIF[6:30]), behind=True),
    **{
        f"{name} of one byte": png_with(chunk(name.encode(), b"\0"))
        for name in ("pHYs", "gAMA", "cHRM", "tRNS")
    },
    **{
        f"{name}, empty": png_with(chunk(name.encode(), b""))
        for name in ("sRGB", "acTL", "tIME", "bKGD", "iCCP")
    },
    "transparency with a wrong checksum": png_with(chunk(b"tRNS", struct.pack(">HHH", 40, 60, 190), 7)),
    "no end": _PNG[:-12],
    "no end, and the last chunk cut": _PNG[: _ADLER + 2],
    "wrong checksum of the pixels": _png_of(_image_data(_PNG)[:-4] + b"Ada!"),
    "more pixels than there are": _png_of(
        zlib.compress(zlib.decompress(_image_data(_PNG)) + bytes(5_000_000))
    ),
    "a broken text behind the pixels": png_with(chunk(b"zTXt", b"Ada\0\0" + _NOISE[:99], 7), behind=True),
    "a text longer than the file": _PNG[:-12] + struct.pack(">I", 1 << 30) + b"tEXtAda",
}
WEBPS: Mapping[str, bytes] = {
    "EXIF of noise": webp_with(part(b"EXIF", _NOISE[:501])),
    "EXIF cut short": webp_with(part(b"EXIF", _EXIF[:40])),
    "EXIF longer than the file": webp_with(part(b"EXIF", _EXIF, 1 << 20)),
    "XMP of noise": webp_with(part(b"XMP ", _NOISE)),
    "profile of noise": webp_with(part(b"ICCP", _NOISE[:3001]), before=True),
    "profile, empty": webp_with(part(b"ICCP", b""), before=True),
    "2,000 chunks of no meaning": webp_with(*[part(b"abcd", b"x")] * 2000),
    "noise behind it": webp_with(_NOISE[:4000]),
    "lossless, EXIF of noise": webp_with(
        part(b"EXIF", _NOISE), picture=encode(scene(), "WEBP", lossless=True)
    ),
}
WHOLE: Mapping[str, bytes] = {
    f"{kind}: {name}": picture
    for kind, pictures in (("JPEG", JPEGS), ("PNG", PNGS), ("WebP", WEBPS))
    for name, picture in pictures.items()
}
