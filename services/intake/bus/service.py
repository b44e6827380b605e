"""Takes reports, keeps their authors' identity, and shows them what became of their reports."""

from __future__ import annotations

from services.intake.bus.consumers import CONSUMERS
from services.intake.loops import forget_kept, keep_photos
from shared.run.service import service_class

Service = service_class("intake", CONSUMERS, loops=[keep_photos, forget_kept])
