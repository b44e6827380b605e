"""A session of a consumer whose loop and whose timer begin batches in turn.

Run as `python -m tests.support.session`, a process of its own, since whoever imports eventlet may not fork.
Prints the sizes of the batches that were begun.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

warnings.simplefilter("ignore")  # eventlet says that it is deprecated

from amqp.basic_message import Message as Incoming  # noqa: E402

from shared.errors import Unavailable  # noqa: E402
from shared.run import consumer as entrypoint  # noqa: E402


class World:
    """What is around a session: its workers end and its timers fire when they are told to."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.workers: list[Callable[..., Any]] = []
        self.timers: list[Callable[[], None]] = []

    def spawn_worker(self, _: object, args: tuple[list[Any]], __: object, handle_result: Any) -> None:
        """As nameko's container."""
        self.batches.append(len(args[0]))
        self.workers.append(handle_result)

    def spawn_after(self, _: float, call: Callable[[], None]) -> None:
        """As eventlet."""
        self.timers.append(call)

    def basic_ack(self, tag: int, multiple: bool) -> None:
        """As a channel."""

    def end(self, exc: Exception | None = None) -> None:
        """The oldest worker has done its batch, or could not."""
        self.workers.pop(0)(None, None, exc and (type(exc), exc, None))

    def fire(self) -> None:
        """The oldest timer's moment has come."""
        self.timers.pop(0)()

    def message(self) -> Incoming:
        """One that has come for the first time."""
        message = Incoming(b"{}", channel=self)
        message.delivery_info = {"delivery_tag": 1, "redelivered": False}
        return message


class Never(threading.Event):
    """A stop that does not come, and that nobody waits for."""

    def wait(self, timeout: float | None = None) -> bool:
        """Not stopped."""
        return False


def main() -> None:
    """Two messages are held and taken again, by the loop before the timer; then a third comes."""
    world = World()
    vars(entrypoint)["eventlet"] = world
    about: Any = SimpleNamespace(queue="q", size=10, spacing=0.0, stopping=Never(), container=world)
    session = entrypoint.Session(about)
    session._waiting = [world.message(), world.message()]
    session._begin()
    world.end(Unavailable("the database is away"))
    session._begin()
    world.end()
    world.fire()
    session._on_message(world.message())
    world.fire()
    print(*world.batches)


if __name__ == "__main__":
    main()
