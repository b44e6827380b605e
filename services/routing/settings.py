"""Routing's own settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoutingSettings:
    """`clocks_every`: seconds between two looks at clocks that have run out."""

    clocks_every: float


def routing_settings(environ: Mapping[str, str] = os.environ) -> RoutingSettings:
    """From `ROUTING_CLOCKS_EVERY`."""
    return RoutingSettings(float(environ.get("ROUTING_CLOCKS_EVERY", "20")))
