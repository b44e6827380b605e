"""What a service is given to work with, and the forms in which it says what it does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared import db
from shared.messaging.processor import Consumer
from shared.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class Resources:
    """What a service's use cases are made with, and what its own threads work with.

    `wake` is called when something has been committed to the outbox.
    """

    settings: ServiceSettings
    pool: db.Pool
    wake: Callable[[], None]


Consumers = Callable[[Resources], Mapping[str, Consumer]]
Task = Callable[[Resources, threading.Event], None]
