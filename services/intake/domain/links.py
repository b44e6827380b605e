"""The addresses that open something by themselves: a report's tracking page, its confirmation, a photo.

Each is always the same for the same thing, and nobody can guess or alter it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast, get_args

from services.intake.domain import signing

Size = Literal["full", "thumbnail"]


@dataclass(frozen=True, slots=True)
class Links:
    """Makes addresses under `base_url`, intake's public one, signed with `secret`; and reads their tokens."""

    base_url: str
    secret: str

    def tracking(self, town: str, report_id: str) -> str:
        """Where the author of the report follows it."""
        return f"{self.base_url}/suivi/{signing.sign(self.secret, 'tracking', town, report_id)}"

    def tracked(self, token: str) -> tuple[str, str] | None:
        """(town, report id) of a token of `tracking`, or None."""
        names = signing.read(self.secret, "tracking", token, 2)
        return None if names is None else (names[0], names[1])

    def confirmation(self, town: str, report_id: str) -> str:
        """Where the author of a kept report confirms it."""
        return f"{self.base_url}/confirmer/{signing.sign(self.secret, 'confirmation', town, report_id)}"

    def to_confirm(self, token: str) -> tuple[str, str] | None:
        """(town, report id) of a token of `confirmation`, or None."""
        names = signing.read(self.secret, "confirmation", token, 2)
        return None if names is None else (names[0], names[1])

    def photo(self, town: str, photo_id: str, size: Size) -> str:
        """Where the photo is shown in this size."""
        return f"{self.base_url}/photos/{signing.sign(self.secret, 'photo', town, photo_id, size)}"

    def shown(self, token: str) -> tuple[str, str, Size] | None:
        """(town, photo id, size) of a token of `photo`, or None."""
        names = signing.read(self.secret, "photo", token, 3)
        if names is None or names[2] not in get_args(Size):
            return None
        return names[0], names[1], cast(Size, names[2])
