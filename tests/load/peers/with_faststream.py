"""The path for FastStream: a subscriber for each queue, a transaction for each message, confirms."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from faststream import AckPolicy, FastStream
from faststream.rabbit import Channel, RabbitBroker, RabbitExchange, RabbitMessage, RabbitQueue
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from shared.amqp import Outgoing
from shared.contracts.envelope import CONTENT_TYPE, decode
from tests.load.peers import steps

SERVICE = os.environ.get("BENCH_SERVICE", "")
PREFETCH = int(os.environ.get("PREFETCH", "20"))
CONNECTIONS = int(os.environ.get("CONNECTIONS", "10"))

# Without logging and without injected parameters, which take a thread for each message: its fastest form.
broker = RabbitBroker(os.environ.get("BENCH_AMQP_URL", ""), logger=None, apply_types=False)


async def run(pool: AsyncConnectionPool[Any], taking: steps.Steps) -> list[Outgoing]:
    """One transaction."""
    async with pool.connection() as conn, conn.transaction():
        found: steps.Found | None = None
        try:
            while True:
                statement, parameters = next(taking) if found is None else taking.send(found)
                found = await _execute(conn, statement, parameters)
        except StopIteration as end:
            messages: list[Outgoing] = end.value
            return messages


async def _execute(conn: AsyncConnection[Any], statement: Any, parameters: dict[str, Any]) -> steps.Found:
    cursor = await conn.execute(statement, parameters)
    return await cursor.fetchall() if cursor.description else []


async def publish(message: Outgoing) -> None:
    """Publish, and wait for the broker's word."""
    await broker.publish(
        message.body,
        exchange=RabbitExchange(message.exchange, declare=False) if message.exchange else None,
        routing_key=message.routing_key,
        # on this RabbitMQ a reply that was delivered is returned as one that nobody takes
        mandatory=bool(message.exchange),
        persist=True,
        content_type=CONTENT_TYPE,
        message_id=message.message_id,
        message_type=message.type,
        correlation_id=message.correlation_id,
    )


async def whole(message: RabbitMessage) -> RabbitMessage:
    """The handler gets the message itself."""
    return message


def subscribe(queue: str, pool: AsyncConnectionPool[Any]) -> None:
    """Take what comes to a queue: what is not done is not acknowledged."""
    handler = steps.HANDLERS[queue]

    async def take(message: RabbitMessage) -> None:
        sender = message.raw_message.user_id or ""
        for outgoing in await run(pool, handler(decode(message.body), sender, message.reply_to)):
            await publish(outgoing)

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
    async with AsyncConnectionPool(url, min_size=2, max_size=CONNECTIONS, open=False) as pool:
        for queue in steps.queues_of(SERVICE):
            subscribe(queue, pool)
        await FastStream(broker, logger=None).run()


if __name__ == "__main__":
    asyncio.run(main())
