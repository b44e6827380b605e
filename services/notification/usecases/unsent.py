"""Deliveries that could not be sent, and sending them again."""

from __future__ import annotations

from typing import Any

from services.notification.errors import NotFailed
from services.notification.store import repository
from shared.unit import Unit


def unsent(unit: Unit) -> list[dict[str, Any]]:
    """Deliveries that failed or have waited for more than ten minutes, oldest first, 200 at the most."""
    return repository.unsent(unit.conn)


def send_again(unit: Unit, delivery_id: str) -> None:
    """Let a failed delivery have one more attempt. Raises NotFailed."""
    if not repository.send_again(unit.conn, delivery_id):
        raise NotFailed(delivery_id)
