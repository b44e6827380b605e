"""The addresses that open something by themselves: a report's tracking page, a photo."""

from __future__ import annotations

from dataclasses import dataclass

from services.intake.domain.photo_links import Size, signed_url
from services.intake.domain.tracking_links import tracking_url


@dataclass(frozen=True, slots=True)
class Links:
    """Makes addresses under `base_url`, intake's public one, signed with `secret`."""

    base_url: str
    secret: str

    def tracking(self, town: str, report_id: str) -> str:
        """Where the author of the report follows it."""
        return tracking_url(self.base_url, self.secret, town, report_id)

    def photo(self, town: str, photo_id: str, size: Size) -> str:
        """Where the photo is shown in this size."""
        return signed_url(self.base_url, self.secret, town, photo_id, size)
