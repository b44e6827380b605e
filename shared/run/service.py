"""A service as nameko runs it, made from one declaration: which queue goes to which consumer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.messaging import topology
from shared.messaging.message import RawMessage
from shared.messaging.resources import ConsumerFactory, Loop
from shared.run.backbone import Backbone, without_pages
from shared.run.consumer import consume
from shared.web import App
from shared.web.server import HttpServer

Build = Callable[[Mapping[str, Any]], App]


def service_class(
    name: str, consumers: Mapping[str, ConsumerFactory], loops: Sequence[Loop] = (), app: Build | None = None
) -> type:
    """The nameko service `name`: consumes the queues of `consumers` and its dead letters, runs `loops`."""
    queues = (*consumers, topology.dead_queue(name))
    own = {
        "name": name,
        "backbone": Backbone(consumers, loops),
        "http": HttpServer(name, app or without_pages()),
        **{queue.replace(".", "_"): _entrypoint(queue) for queue in queues},
    }
    return type("Service", (), own)


def _entrypoint(queue: str) -> Callable[[Any, list[RawMessage]], None]:
    @consume(queue)
    def process(self: Any, messages: list[RawMessage]) -> None:
        self.backbone.process(messages)

    process.__name__ = queue.replace(".", "_")
    return process
