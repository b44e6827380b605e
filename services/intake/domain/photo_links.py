"""The addresses by which photos are shown."""

from __future__ import annotations

from typing import Literal, cast, get_args

from services.intake.domain import signing

Size = Literal["full", "thumbnail"]


def signed_url(base_url: str, secret: str, town: str, photo_id: str, size: Size) -> str:
    """Where the photo is shown in this size: always the same address, which nobody can guess or alter."""
    return f"{base_url}/photos/{signing.sign(secret, 'photo', town, photo_id, size)}"


def read_token(secret: str, token: str) -> tuple[str, str, Size] | None:
    """(town, photo id, size) of a token that `signed_url` made, or None."""
    names = signing.read(secret, "photo", token, 3)
    if names is None or names[2] not in get_args(Size):
        return None
    return names[0], names[1], cast(Size, names[2])
