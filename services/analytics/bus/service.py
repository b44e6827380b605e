"""Counts what happens to reports, and publishes it for analysts."""

from __future__ import annotations

from services.analytics.bus.consumers import CONSUMERS
from shared.run.service import service_class

Service = service_class("analytics", CONSUMERS)
