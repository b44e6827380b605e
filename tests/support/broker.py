"""A RabbitMQ node of one's own, for tests that stop it; everybody else's goes on."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from deploy.local import home, ports, process, rabbitmq, wait
from tests.support import names


class PrivateBroker:
    """A node that can be killed and started again, with its data."""

    def __init__(self) -> None:
        taken: set[int] = set()
        for _ in range(4):
            taken.add(ports.pick(besides=taken))
        amqp, api, distribution, epmd = taken
        name = f"rabbitmq-{names.unique()}"
        self.node = rabbitmq.Node(amqp, api, distribution, epmd, password="private", name=name)

    def start(self) -> None:
        """Start it, or start it again, and return when it takes connections."""
        rabbitmq.start(self.node)

    def restart(self) -> None:
        """Stop it as an operator would, and start it again."""
        rabbitmq.stop(self.node)
        self.start()

    def kill(self) -> None:
        """`kill -9`."""
        pid = process.running(self.node.name)
        assert pid, "the broker does not run"
        os.kill(pid, signal.SIGKILL)
        assert wait.until(lambda: not process.alive(pid), 10)

    def remove(self) -> None:
        """Stop it and delete its data."""
        rabbitmq.stop(self.node)
        shutil.rmtree(home.data() / self.node.name, ignore_errors=True)

    def instead(self, values: Mapping[str, str]) -> dict[str, str]:
        """`values` with every AMQP address pointing here."""
        moved = {n: self._here(url) for n, url in values.items() if n.endswith("AMQP_URL")}
        own = {"ADMIN_AMQP_URL": self.node.amqp_url, "ADMIN_API_URL": self.node.api_url}
        return {**values, **moved, **own}

    def _here(self, url: str) -> str:
        parts = urlsplit(url)
        return parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{self.node.amqp}").geturl()


@contextmanager
def private_broker() -> Iterator[PrivateBroker]:
    """A running node, removed afterwards."""
    broker = PrivateBroker()
    broker.start()
    try:
        yield broker
    finally:
        broker.remove()
