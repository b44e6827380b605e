"""Notification at work in the tests' process, and what its database then says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import dict_row

from services.notification import domain
from services.notification.bus import consumers
from services.notification.contacts import IntakeContacts
from services.notification.loops import keep_sending
from services.notification.mail.smtp import MailServer
from services.notification.settings import MailSettings
from services.notification.usecases.sending import Sender
from shared import db
from shared.amqp import Answers
from shared.contracts import registry
from shared.contracts.envelope import Event, event
from shared.messaging import Processor, RawMessage
from shared.towns import Towns
from shared.unit import Units
from tests.support import mails, reports

QUEUE = "notification.events"
TABLES = ("delivery", "event", "outbox", "inbox", "retry", "parked", "town")


class Notifier:
    """One replica of notification on the database `url`; several may work on one.

    `amqp_url`: where it asks intake. It knows Gentilly.
    """

    def __init__(self, url: str, amqp_url: str, knows_town: bool = True) -> None:
        self.url = url
        self.name = urlsplit(url).path.removeprefix("/")
        self.pool = db.open_pool(url, "test", 6)
        self._amqp_url = amqp_url
        # It answers nobody, so this address is never opened.
        nobody = Answers("amqp://nobody@127.0.0.1:1/", "nobody")
        self.processor = Processor(QUEUE, consumers.report_events(), self.pool, nobody, (60.0,), lambda: None)
        if knows_town:
            self.take(mails.configured(mails.configuration()))

    def close(self) -> None:
        """Let go of the database."""
        self.pool.close()

    def take(self, *events: Event) -> None:
        """Take these events in one batch."""
        self.processor.process([delivery(each) for each in events])

    def sender(self, smtp_url: str, **changes: Any) -> Sender:
        """A sender with short delays."""
        basis: dict[str, Any] = {"delays": (0.05,), "away_delay": 0.05, "poll": 0.05, "contacts_timeout": 2.0}
        settings = MailSettings(True, smtp_url, **{**basis, **changes})
        contacts = IntakeContacts(self._amqp_url, "vigie-notification", settings.contacts_timeout)
        server = MailServer(smtp_url, 5.0, 5.0)
        return Sender(Units(self.pool), Towns(domain.town), contacts, server, settings)

    def send(self, smtp_url: str, **changes: Any) -> int:
        """Send one list; returns how many deliveries were taken up."""
        sender = self.sender(smtp_url, **changes)
        try:
            return sender.send_list(lambda: False)
        finally:
            sender.close()

    @contextmanager
    def lists(self, smtp_url: str, **changes: Any) -> Iterator[Callable[[], int]]:
        """Sends one list each time it is called, always by the same sender."""
        sender = self.sender(smtp_url, **changes)
        try:
            yield lambda: sender.send_list(lambda: False)
        finally:
            sender.close()

    @contextmanager
    def sending(self, smtp_url: str, **changes: Any) -> Iterator[None]:
        """A sender at work in a thread of its own."""
        stop = threading.Event()
        sender = self.sender(smtp_url, **changes)
        thread = threading.Thread(target=keep_sending, args=(sender, 0.05, stop))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(30)

    def rows(self, statement: LiteralString, *values: Any) -> list[dict[str, Any]]:
        """What a statement returns."""
        with self.pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(statement, values).fetchall()

    def run(self, statement: LiteralString, *values: Any) -> None:
        """Execute a statement that returns nothing."""
        with self.pool.connection() as conn:
            conn.execute(statement, values)

    def ledger(self) -> list[dict[str, Any]]:
        """The deliveries, oldest first."""
        return self.rows("select * from delivery order by data->>'happened_at', template")

    def states(self) -> list[tuple[str, str, int, str | None]]:
        """(template, state, attempts, cause) of each delivery."""
        return [(r["template"], r["state"], r["attempts"], r["cause"]) for r in self.ledger()]

    def ended(self) -> bool:
        """True when nothing is left to be sent."""
        return all(row["state"] in ("sent", "failed") for row in self.ledger())

    def told(self) -> list[Event]:
        """What it has to publish, each checked against its contract."""
        found = self.rows(
            "select e.body from outbox o join event e on (e.town, e.id) = (o.town, o.event_id) order by o.id"
        )
        events = [event(row["body"]) for row in found]
        for each in events:
            registry.check(each)
        return events

    def dump(self) -> str:
        """All rows of all tables, as text."""
        with psycopg.connect(self.url) as conn:
            found = [conn.execute(f"select row_to_json(t)::text from {t} t").fetchall() for t in TABLES]
        return "\n".join(row[0] for rows in found for row in rows)


def submitted(**about: object) -> Event:
    """Somebody has sent a report, of which this is known."""
    return mails.happened("report.submitted.v1", reports.report(**about))


def delivery(each: Event) -> RawMessage:
    """The message in which an event comes."""
    return RawMessage(QUEUE, each.encode(), {"user_id": each.source.replace("urn:vigie:", "vigie-")})
