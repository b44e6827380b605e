"""A service as nameko runs it, made from one declaration: which queue goes to which consumer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.messaging import ConsumerFactory, Loop, RawMessage, topology
from shared.run.backbone import Backbone
from shared.run.consumer import consume
from shared.run.health import Gauge, WorkerHealth


def service_class(
    name: str,
    consumers: Mapping[str, ConsumerFactory],
    loops: Sequence[Loop] = (),
    gauges: Sequence[Gauge] = (),
) -> type:
    """The nameko service `name`: consumes the queues of `consumers` and its dead letters, runs `loops`.

    `gauges` bring the service's own gauges up to date, before the metrics are read.
    """
    queues = (*consumers, topology.dead_queue(name))
    own = {
        "name": name,
        "backbone": Backbone(consumers, loops),
        "health": WorkerHealth(gauges),
        **{queue.replace(".", "_"): _entrypoint(queue) for queue in queues},
    }
    return type("Service", (), own)


def _entrypoint(queue: str) -> Callable[[Any, list[RawMessage]], None]:
    @consume(queue)
    def process(self: Any, messages: list[RawMessage]) -> None:
        self.backbone.process(messages)

    process.__name__ = queue.replace(".", "_")
    return process
