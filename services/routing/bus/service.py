"""Decides who gets each report, and keeps its case."""

from __future__ import annotations

from services.routing import gauges, loops
from services.routing.bus.consumers import CONSUMERS
from shared.run.service import service_class

Service = service_class("routing", CONSUMERS, loops=[loops.watch], gauges=[gauges.measure])
