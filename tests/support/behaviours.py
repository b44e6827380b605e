"""Handlers for tests that do what each message says, and note every effect in the table `effect`.

Nothing misbehaves any more once there is a row in the table `cured`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import NoReturn

from marshmallow import EXCLUDE, Schema, fields

from shared import clock, ids
from shared.contracts.envelope import Event, Outline
from shared.messaging import (
    Batch,
    Errors,
    EventConsumer,
    Message,
    On,
    Park,
    Rejection,
    RequestConsumer,
    Retry,
)
from tests.support import reports

EMAIL = "ada@example.org"
# How many wait for an advisory lock in this database.
WAITING = """select count(*) from pg_locks join pg_database d on d.oid = database
 where d.datname = current_database() and locktype = 'advisory' and not granted"""


class What(Schema):
    """What a message asks for: a behaviour, on behalf of `key`."""

    class Meta:
        unknown = EXCLUDE

    do = fields.String(required=True)
    key = fields.String(load_default="")


def _raise(_: Message) -> NoReturn:
    raise RuntimeError(f"this text must not be logged: {EMAIL}")


def _kill(_: Message) -> NoReturn:
    os._exit(9)


def _hang(_: Message) -> None:
    while True:
        time.sleep(60)


def _reject(_: Message) -> NoReturn:
    raise Park("rejected on purpose")


def _retry(_: Message) -> NoReturn:
    raise Retry("not now", after=0.1)


MISCHIEF: Mapping[str, Callable[[Message], object]] = {
    "raise": _raise,
    "kill": _kill,
    "hang": _hang,
    "reject": _reject,
    "retry": _retry,
    "slow": lambda _: time.sleep(0.5),
}


def take(batch: Batch, messages: list[Message]) -> None:
    """Note what each message does, in one statement."""
    cured = batch.conn.execute("select from cured").fetchone() is not None
    for message in messages:
        if not cured and message.data["do"] in MISCHIEF:
            MISCHIEF[message.data["do"]](message)
    rows = [(m.event.town, m.event.id, m.data["key"], os.getpid()) for m in messages]
    with batch.conn.cursor() as cursor:
        cursor.executemany("insert into effect (town, id, key, pid) values (%s, %s, %s, %s)", rows)
    for message in messages:
        if message.data["do"] == "tell":
            batch.publish(reports.event("routed"))


def answer(batch: Batch, messages: list[Message]) -> list[tuple[Message, Errors]]:
    """Accept each request with an answer of its own; refuse those that ask for that."""
    refused = [m for m in messages if m.data["do"] == "refuse"]
    accepted = [m for m in messages if m.data["do"] != "refuse"]
    take(batch, accepted)
    for message in accepted:
        batch.accept(message, _event("action.accepted.v1", message.event, {"receipt": ids.random_id()}))
    return [(message, [{"pointer": "/data/do", "code": "refused"}]) for message in refused]


def refuse(rejection: Rejection) -> Event:
    """The answer to a request that is not done."""
    return _event("action.rejected.v1", rejection.request, {"errors": rejection.errors})


def _event(type_: str, cause: Event | Outline, data: dict[str, object]) -> Event:
    return Event(
        id=ids.new_id(),
        source="urn:vigie:test",
        type=type_,
        town=cause.town,
        time=clock.timestamp(),
        data=data,
        causationid=cause.id,
    )


def requests() -> RequestConsumer:
    """The consumer of requests."""
    return RequestConsumer(reads={"agent.noted.v1": What()}, handler=answer, reject=refuse, secret=b"secret")


def facts() -> EventConsumer:
    """The consumer of facts."""
    return EventConsumer({"report.submitted.v1": On(What, take)})
