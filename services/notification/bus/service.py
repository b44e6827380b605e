"""Tells people what becomes of their reports, and authorities what is theirs to do."""

from __future__ import annotations

from services.notification import gauges, loops
from services.notification.bus.consumers import CONSUMERS
from shared.run.service import service_class

Service = service_class("notification", CONSUMERS, loops=[loops.send_mail], gauges=[gauges.measure])
