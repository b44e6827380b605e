"""Keeping how towns are set up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.intake.store import photos
from shared import towns
from shared.unit import Unit


def configure(unit: Unit, town: str, configuration: Mapping[str, Any]) -> None:
    """Keep the configuration of a town, unless a newer one is there.

    What is no longer a front end there cannot upload photos any more.
    """
    towns.keep(unit.conn, town, configuration)
    photos.revoke_keys_of_gone(unit.conn, [town])
