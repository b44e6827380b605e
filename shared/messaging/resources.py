"""What a service's consumers and loops are made with."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from shared import db
from shared.messaging.processor import Consumer
from shared.settings import ServiceSettings
from shared.unit import Units


@dataclass(frozen=True, slots=True)
class Resources:
    """A service's settings, its database, and its units of work, whose commits wake its relay."""

    settings: ServiceSettings
    pool: db.Pool
    units: Units


ConsumerFactory = Callable[[Resources], Consumer]
# A loop of the service's own (a clock, a sender): ends soon after its event is set.
Loop = Callable[[Resources, threading.Event], None]
