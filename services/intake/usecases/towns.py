"""Keeping how towns are set up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.intake.store import photos
from shared import towns
from shared.unit import Unit


def configure(unit: Unit, configurations: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep the configuration of each town, by slug, unless a newer one is there.

    What is no longer a front end of its town cannot upload photos any more.
    """
    for town in sorted(configurations):
        towns.keep(unit.conn, town, configurations[town])
    photos.revoke_keys_of_gone(unit.conn, configurations)
