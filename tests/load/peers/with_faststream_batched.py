"""FastStream with batches: what has come by the time the last batch is done is the next one.

FastStream has no batches for RabbitMQ. Each message's handler hands it to a collector and waits until its
batch has been committed and published; then FastStream acknowledges it. It shows what batching alone gives.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

from faststream import AckPolicy, FastStream
from faststream.rabbit import Channel, RabbitMessage, RabbitQueue
from psycopg_pool import AsyncConnectionPool

from shared.contracts.envelope import decode
from tests.load.peers.batches import HANDLERS, Take, Taken
from tests.load.peers.steps import queues_of
from tests.load.peers.with_faststream import PREFETCH, SERVICE, broker, publish, whole


class Collector:
    """Makes batches of what comes to one queue."""

    def __init__(self, pool: AsyncConnectionPool[Any], take: Take) -> None:
        self._pool = pool
        self._take = take
        self._waiting: list[tuple[Taken, asyncio.Future[None]]] = []
        self._some = asyncio.Event()

    async def add(self, taken: Taken) -> None:
        """Return when the message's batch is done."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((taken, done))
        self._some.set()
        await done

    async def run(self) -> None:
        """Take batch after batch."""
        while True:
            await self._some.wait()
            self._some.clear()
            batch, self._waiting = self._waiting, []
            try:
                await self._process([taken for taken, _ in batch])
            except Exception as exc:
                for _, done in batch:
                    done.set_exception(exc)
            else:
                for _, done in batch:
                    done.set_result(None)

    async def _process(self, batch: list[Taken]) -> None:
        async with self._pool.connection() as conn, conn.transaction():
            messages = await self._take(conn, batch)
        await asyncio.gather(*map(publish, messages))


def subscribe(queue: str, collector: Collector) -> None:
    """Hand over what comes to a queue."""

    async def take(message: RabbitMessage) -> None:
        sender = message.raw_message.user_id or ""
        await collector.add((decode(message.body), sender, message.reply_to))

    broker.subscriber(
        RabbitQueue(queue, declare=False),
        channel=Channel(prefetch_count=PREFETCH),
        ack_policy=AckPolicy.NACK_ON_ERROR,
        decoder=whole,
        no_reply=True,
    )(take)


async def main() -> None:
    """Serve until told to stop."""
    url = os.environ[f"{SERVICE.upper()}_DATABASE_URL"]
    async with (
        AsyncConnectionPool(url, min_size=2, max_size=4, open=False) as pool,
        asyncio.TaskGroup() as group,
    ):
        running = []
        for queue in queues_of(SERVICE):
            collector = Collector(pool, HANDLERS[queue])
            running.append(group.create_task(collector.run()))
            subscribe(queue, collector)
        await FastStream(broker, logger=None).run()
        for task in running:
            task.cancel()


if __name__ == "__main__":
    asyncio.run(main())
