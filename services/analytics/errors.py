"""What can go wrong in analytics."""

from __future__ import annotations

from shared.l10n.spoken import words_of

_ = words_of("services.analytics")


class NothingCounted(Exception):
    """No fact of this town was ever counted: the name may be wrong, or nothing has happened there yet."""

    def __init__(self, town: str) -> None:
        super().__init__(_("nothing has been counted for the town {town}: is that its slug?", town=town))
