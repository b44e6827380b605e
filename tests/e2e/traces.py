"""Looks for what somebody wrote in everything that a running Vigie has left behind, however it is encoded."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import pika

from deploy.local import postgres, process, rabbitmq
from shared.amqp.management import Management
from tests.support.system import USUAL, System

_BYTEA = re.compile(rb"\\+x((?:[0-9a-f]{2}){4,})")


def forms(text: str) -> set[bytes]:
    """How `text` may be written: as it is, in capitals, decomposed, in JSON, in an address, in a mail."""
    spelled = {unicodedata.normalize(form, text) for form in ("NFC", "NFD")}
    spelled |= {case(word) for word in spelled for case in (str.lower, str.upper, str.casefold)}
    coded = {json.dumps(word)[1:-1] for word in spelled} | {quote(word) for word in spelled}
    raw = {word.encode() for word in spelled | coded}
    return raw | {quoted for word in spelled for quoted in _in_base64(word.encode())}


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """What base 64 makes of it at each of the three places where it may begin."""
    for before in range(3 if len(raw) >= 9 else 0):
        coded = base64.b64encode(bytes(before) + raw + bytes(3))
        yield coded[4 : len(raw) // 3 * 4]


def found(places: Mapping[str, bytes], words: Iterable[str]) -> set[tuple[str, str]]:
    """(place, word) for each of `words` that stands in a place, in whatever form."""
    wanted = {word: forms(word) for word in words}
    return {
        (place, word)
        for place, content in places.items()
        for word, written in wanted.items()
        if any(form in content for form in written)
    }


def dump(system: System, service: str, *leaving_out: str, only: str = "") -> bytes:
    """A service's database as PostgreSQL's own tool writes it, with the bytes behind each `bytea`."""
    number = urlsplit(system.values["ADMIN_DATABASE_URL"])
    name = urlsplit(system.values[f"{service.upper()}_DATABASE_URL"]).path
    argv = [str(_pg_dump()), "--dbname", number._replace(path=name).geturl()]
    argv += [f"--exclude-table-data={table}" for table in leaving_out] + ([f"--table={only}"] if only else [])
    text = subprocess.run(argv, check=True, capture_output=True).stdout
    return text + b"\n".join(bytes.fromhex(found[1].decode()) for found in _BYTEA.finditer(text))


def _pg_dump() -> Path:
    return max(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"), key=lambda path: int(path.parts[-3]))


def messages(system: System) -> dict[str, bytes]:
    """Every message that lies in a queue of the vhost, with its properties; all of them stay there."""
    return {f"queue {name}": _text(messages_of(system, [name])) for name in _queues(system)}


def desk_events(system: System) -> list[dict[str, Any]]:
    """What lies in the departments' queues; all of it stays there."""
    lying = messages_of(system, [queue for queue in _queues(system) if queue.startswith("desk.")])
    return [json.loads(body) for _, body in lying]


def messages_of(system: System, queues: Sequence[str]) -> list[tuple[Any, bytes]]:
    """(properties, body) of each message that lies in these queues; all of them stay there."""
    connection = pika.BlockingConnection(pika.URLParameters(system.values["ADMIN_AMQP_URL"]))
    try:
        return [message for queue in queues for message in _lying(connection, queue)]
    finally:
        connection.close()  # what was looked at was never acknowledged


def _queues(system: System) -> list[str]:
    """All but the stream, which is read like one, and those of somebody who is connected."""
    with Management(system.values["ADMIN_API_URL"]) as api:
        there = api.get("queues", system.ground.name)
    return [queue["name"] for queue in there if queue["type"] != "stream" and not queue["exclusive"]]


def _lying(connection: pika.BlockingConnection, queue: str) -> Iterator[tuple[Any, bytes]]:
    channel = connection.channel()
    while (got := channel.basic_get(queue))[0] is not None:
        yield got[1], got[2] or b""


def _text(found: Iterable[tuple[Any, bytes]]) -> bytes:
    return b"\n".join(f"{properties}".encode() + body for properties, body in found)


def logs(system: System) -> dict[str, bytes]:
    """What the services' processes, the mail catcher, and the stack's own servers have written."""
    written = {f"log of {name}": system.log(name).encode() for name in USUAL}
    written["log of the mail catcher"] = system.ground.mailbox.log.read_bytes()
    for server in (postgres.NAME, rabbitmq.NAME):
        if process.running(server):
            written[f"log of {server}"] = process.log_file(server).read_bytes()
    return written


class Tap:
    """Copies all that is published on the exchanges inside Vigie, while it is open."""

    _EXCHANGES = ("events", "desk", "desk.in", "statistics")

    def __init__(self, system: System) -> None:
        self._connection = pika.BlockingConnection(pika.URLParameters(system.values["ADMIN_AMQP_URL"]))
        self._channel = self._connection.channel()
        self._queue = self._channel.queue_declare("", exclusive=True).method.queue
        for exchange in self._EXCHANGES:
            self._channel.queue_bind(self._queue, exchange, "#")
        self._channel.queue_bind(self._queue, "intake", "contacts")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def passed(self) -> bytes:
        """All that went by, with its properties."""
        return _text(_lying(self._connection, self._queue))
