"""Sends what the ledger has to send: claims a list, asks intake for the addresses, hands mails to the server.

The addresses are in memory for as long as one list takes. What was sent is noted mail by mail, so that a
crash leaves one mail at the most of which nobody knows; it is sent again under the same Message-ID.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import psycopg
from psycopg_pool import PoolTimeout

from services.notification import domain, events, metrics
from services.notification.contacts import Intake, Person
from services.notification.domain import Attempt, Contact, Delivery, Town
from services.notification.errors import IntakeAway, MailServerAway, NoAddress
from services.notification.mail import rendering, wording
from services.notification.mail.message import Envelope, Mail, compose, message_id
from services.notification.mail.smtp import MailServer
from services.notification.settings import MailSettings
from services.notification.store import repository
from shared import clock, db, ids
from shared.l10n import Language, language_or_french
from shared.logs import describe
from shared.towns import Towns
from shared.unit import Units

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Errand:
    """A delivery with what it takes to write it."""

    delivery: Delivery
    town: Town
    contact: Contact | None

    @property
    def language(self) -> Language:
        """The language of the mail: the citizen's or the authority's; French where there is no other."""
        authority = self.town.authorities.get(self.delivery.recipient_id)
        return language_or_french(authority.language if authority else self.delivery.language)


class Sender:
    """One sender; any number may run, here and elsewhere. Not to be shared between threads.

    `units`: the transactions in which outcomes are noted and published.
    """

    def __init__(
        self,
        pool: db.Pool,
        towns: Towns[Town],
        intake: Intake,
        server: MailServer,
        settings: MailSettings,
        units: Units,
    ) -> None:
        self._pool = pool
        self._towns = towns
        self._intake = intake
        self._server = server
        self._settings = settings
        self._units = units
        self._ask_again = 0.0
        self._last_town = ""

    def run(self, stop: threading.Event) -> None:
        """Send until `stop` is set; whatever goes wrong is logged, and tried again."""
        while not stop.is_set():
            if not self._round(stop):
                stop.wait(self._settings.poll)
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._intake.close()
        self._server.close()

    def _round(self, stop: threading.Event) -> bool:
        try:
            return self.send_list(stop) > 0
        except Exception as exc:
            log.warning("sending waits: %s", describe(exc))
            stop.wait(1)
            return False

    def send_list(self, stop: threading.Event) -> int:
        """Send what is due, a list at the most in which towns take turns; returns how many were claimed."""
        claimed, towns = self._claim()
        if not claimed:
            return 0
        errands, waiting = self._errands(claimed, towns)
        self._put_back(waiting, self._settings.away_delay)
        try:
            sent, pause = self._send_all(errands, stop)
        finally:
            self._server.close()
        self._put_back([errand.delivery for errand in errands[sent:]], pause)
        return len(claimed)

    def _claim(self) -> tuple[list[Delivery], Mapping[str, Town]]:
        with self._pool.connection() as conn:
            claimed = [d for town, n in self._turns(conn).items() for d in self._claim_of(conn, town, n)]
            towns = self._towns.current(conn, {d.town for d in claimed}) if claimed else {}
        return sorted(claimed, key=lambda delivery: delivery.order), towns

    def _turns(self, conn: db.Connection) -> Mapping[str, int]:
        """How many deliveries of each town go into the next list."""
        size = self._settings.list_size
        turns = domain.turns(repository.due(conn, size), size, self._last_town)
        if turns:
            self._last_town = turns[-1]
        return Counter(turns)

    def _claim_of(self, conn: db.Connection, town: str, limit: int) -> list[Delivery]:
        return repository.claim(conn, town, limit, self._settings.claim)

    def _errands(
        self, claimed: Sequence[Delivery], towns: Mapping[str, Town]
    ) -> tuple[list[Errand], list[Delivery]]:
        """Those that can be sent now, and those that must wait, for their town or for intake."""
        wanted: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
        for delivery in claimed:
            wanted[delivery.town, _purpose(delivery, towns)].append(delivery)
        errands, waiting = [], []
        for (slug, purpose), deliveries in wanted.items():
            try:
                contacts = self._contacts(slug, purpose, deliveries)
            except IntakeAway:
                waiting += deliveries
            else:
                found, missing = _split(deliveries, towns.get(slug), contacts)
                errands += found
                waiting += missing
        return sorted(errands, key=lambda errand: errand.delivery.order), waiting

    def _contacts(self, town: str, purpose: str, deliveries: Iterable[Delivery]) -> Mapping[Person, Contact]:
        if not purpose:
            return {}
        if time.monotonic() < self._ask_again:
            raise IntakeAway
        try:
            return self._intake.contacts(town, purpose, {_person(d) for d in deliveries})
        except IntakeAway:
            self._ask_again = time.monotonic() + self._settings.away_delay
            metrics.WAITS.labels("intake").inc()
            raise

    def _send_all(self, errands: Sequence[Errand], stop: threading.Event) -> tuple[int, float]:
        """How many were dealt with, and for how long (s) the others had better wait."""
        for position, errand in enumerate(errands):
            if stop.is_set():
                return position, 0
            try:
                self._server.connect()
            except MailServerAway as away:
                log.warning("the mail server is away: %s", away.cause)
                metrics.WAITS.labels("mail_server").inc()
                return position, self._settings.away_delay
            self._deliver(errand)
        return len(errands), 0

    def _put_back(self, deliveries: Sequence[Delivery], after: float) -> None:
        if deliveries:
            with self._pool.connection() as conn:
                repository.put_back(conn, deliveries, after)

    def _deliver(self, errand: Errand) -> None:
        delivery = errand.delivery
        identifier = message_id(delivery.id, errand.town.sender)
        with self._pool.connection() as conn:
            begun = repository.begin(
                conn, delivery, errand.language, identifier, self._settings.sending_claim
            )
        if begun is None:
            return
        attempts, identifier = begun
        if attempts > self._settings.most_attempts:
            # Begun again and again, and never noted: it may kill its sender.
            attempt = Attempt("failed", "gave_up_unknown")
        else:
            attempt = self._attempt(errand, identifier)
        self._note(delivery, attempt, attempts)

    def _attempt(self, errand: Errand, identifier: str) -> Attempt:
        if errand.delivery.uncertain:
            metrics.RESENT.inc()
        try:
            mail = _written(errand, identifier)
        except NoAddress as nobody:
            return Attempt("failed", nobody.cause)
        except Exception as exc:
            log.error("%s cannot be written: %s", errand.delivery.template, describe(exc))
            return Attempt("later", "unwritable")
        return self._server.send(mail)

    def _note(self, delivery: Delivery, attempt: Attempt, attempts: int) -> None:
        """Note the outcome and tell of it, in one transaction; patiently, since the mail has left."""
        attempt = domain.settle(attempt, attempts, self._settings.most_attempts)
        until = time.monotonic() + self._settings.sending_claim / 2
        while not self._noted(delivery, attempt, attempts):
            if time.monotonic() > until:
                log.error("an outcome is not noted: the mail will be sent again")
                return
            time.sleep(1)
        _count(delivery, attempt, attempts)

    def _noted(self, delivery: Delivery, attempt: Attempt, attempts: int) -> bool:
        due_at = domain.next_due(clock.now(), attempts, self._settings.delays)
        try:
            with self._units.open() as unit:
                noted = repository.note(unit.conn, delivery, attempt, attempts, due_at)
                if noted and attempt.outcome != "later":
                    unit.publish(events.delivery_ended(delivery, attempt, attempts))
        except (psycopg.OperationalError, PoolTimeout) as exc:
            log.warning("an outcome is not noted yet: %s", describe(exc))
            return False
        return True


def _purpose(delivery: Delivery, towns: Mapping[str, Town]) -> str:
    """What the citizen's contact is needed for; nothing where the authority does without it."""
    if delivery.recipient_kind == "citizen":
        return domain.PURPOSES["citizen"]
    town = towns.get(delivery.town)
    authority = town.authorities.get(delivery.recipient_id) if town else None
    return domain.PURPOSES["authority"] if authority and authority.needs_contact else ""


def _person(delivery: Delivery) -> Person:
    of_citizen = delivery.recipient_kind == "citizen"
    citizen = delivery.recipient_id if of_citizen else delivery.data["report"]["citizen_id"]
    return citizen, delivery.report_id


def _split(
    deliveries: Iterable[Delivery], town: Town | None, contacts: Mapping[Person, Contact]
) -> tuple[list[Errand], list[Delivery]]:
    if town is None:
        return [], list(deliveries)
    return [Errand(d, town, contacts.get(_person(d))) for d in deliveries], []


def _written(errand: Errand, identifier: str) -> Mail:
    """The mail of one errand. Raises NoAddress."""
    envelope = _envelope(errand)
    variables = wording.variables(errand.delivery, errand.town, errand.contact, errand.language)
    content = rendering.render(errand.delivery.template, errand.language, variables)
    return compose(envelope, content, errand.language, identifier, clock.now())


def _envelope(errand: Errand) -> Envelope:
    town, delivery = errand.town, errand.delivery
    sender = (town.sender, town.branding.title(errand.language))
    if delivery.recipient_kind == "citizen":
        if errand.contact is None:
            raise NoAddress("no_contact")
        return Envelope(*sender, errand.contact.email, reply_to=town.reply_to)
    authority = town.authorities.get(delivery.recipient_id)
    if authority is None or not authority.email:
        raise NoAddress("no_address")
    label = authority.label.in_language(errand.language)
    return Envelope(*sender, authority.email, label, reply_to=town.reply_to)


def _count(delivery: Delivery, attempt: Attempt, attempts: int) -> None:
    metrics.DELIVERIES.labels(delivery.template, attempt.outcome).inc()
    if attempt.outcome != "later":
        metrics.ATTEMPTS.observe(attempts)
    which = {"town": delivery.town, "delivery": delivery.id, "report": delivery.report_id}
    which["correlation_id"] = ids.shown(delivery.correlation_id) or delivery.event_id
    log.info("delivery %s", attempt.outcome, extra={**which, "cause": attempt.cause, "attempts": attempts})
