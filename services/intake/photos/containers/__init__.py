"""The three formats as containers: what decoding needs is kept, and the rest never reaches a decoder.

Cameras and editors write colour profiles, previews, texts and positions beside the pixels, often broken.
Browsers pass over what is broken there, and so do we. The child process runs this: it imports nothing else of
the project.
"""

from services.intake.photos.containers import jpeg, png, webp
from services.intake.photos.containers.picture import BadPicture, Picture

__all__ = ["BadPicture", "Picture", "strip"]

_STRIPS = {b"\xff\xd8\xff": jpeg.strip, b"\x89PN": png.strip, b"RIF": webp.strip}


def strip(data: bytes, most_pixels: int) -> Picture:
    """The photo with its pixels alone, its orientation and its profile.

    Raises BadPicture: too_many_pixels, known by the header; unreadable, where pixels are missing, or where it
    is of another format.
    """
    if strip_format := _STRIPS.get(data[:3]):
        return strip_format(data, most_pixels)
    raise BadPicture("unreadable")
