"""The stream `statistics` as an analyst reads it: from the first, with another client than the product's."""

from __future__ import annotations

import secrets
from collections import Counter as Multiset
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
import pika

from shared.amqp.management import Management
from shared.contracts.exchanges import STATISTICS
from shared.messaging import deployer

from .counter import Counter

PATIENCE = 60
COUNTED_BY = ("kind", "target_kind", "target", "happened", "delay")


@dataclass(frozen=True)
class Analyst:
    """A town's analyst tool: the address with which it connects."""

    town: str
    url: str

    def read(self, n: int) -> list[tuple[dict[str, Any], pika.BasicProperties]]:
        """The facts of its town as they lie in the stream, with their properties, until `n` ids have come."""
        found, ids = [], set[str]()
        with pika.BlockingConnection(pika.URLParameters(self.url)) as connection:
            for body, properties in _from_the_first(connection.channel()):
                fact = orjson.loads(body)
                if fact["town"] == self.town:
                    found.append((fact, properties))
                    ids.add(fact["id"])
                if len(ids) == n:
                    break
        assert len(ids) == n, f"only {len(ids)} of {n} facts came in {PATIENCE} s"
        return found

    def facts(self, n: int) -> list[dict[str, Any]]:
        """Those `n` facts as a reader keeps them: what it has seen, it drops."""
        return list({fact["id"]: fact for fact, _ in self.read(n)}.values())


def _from_the_first(channel: Any) -> Iterator[tuple[bytes, pika.BasicProperties]]:
    channel.basic_qos(prefetch_count=200)
    offset = {"x-stream-offset": "first"}
    for method, properties, body in channel.consume(
        STATISTICS, arguments=offset, inactivity_timeout=PATIENCE
    ):
        if method is None:
            return
        channel.basic_ack(method.delivery_tag)
        yield body, properties


@contextmanager
def analyst_of(admin_amqp_url: str, admin_api_url: str) -> Iterator[Analyst]:
    """A town that nobody else has, with an analyst tool that the deployer has set up."""
    town, password = f"ville-{secrets.token_hex(4)}", secrets.token_urlsafe(12)
    user = f"{town}-stats"
    tools = [{"user": user, "role": "analyst"}]
    broker = deployer.Broker(admin_amqp_url, admin_api_url)
    deployer.apply_town(broker, {"slug": town, "departments": [], "tools": tools}, {user: password})
    parts = urlsplit(admin_amqp_url)
    place = f"{user}:{password}@{parts.hostname}:{parts.port}"
    yield Analyst(town, parts._replace(netloc=place).geturl())
    with Management(admin_api_url) as api:
        api.delete("users", user)


def counted(facts: list[dict[str, Any]]) -> Multiset[tuple[Any, ...]]:
    """By all that they are counted by, less the category, which may be coarser in the stream."""
    return Multiset((f["time"], *(f["data"][name] or "" for name in COUNTED_BY)) for f in facts)


def tallied(counter: Counter) -> Multiset[tuple[Any, ...]]:
    """What was counted, by the same."""
    counts: Multiset[tuple[Any, ...]] = Multiset()
    hour = """to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:00:00"Z"') as hour"""
    for t in counter.rows(f"select {hour}, kind, target_kind, target, happened, delay, n from tally"):
        counts[tuple(t[name] for name in ("hour", *COUNTED_BY))] += t["n"]
    return counts
