"""Sends what the ledger has to send: claims a list, addresses it, hands the mails over, notes the outcomes.

The addresses are in memory for as long as one list takes. What was sent is noted mail by mail, so that a
crash leaves one mail at the most of which nobody knows; it is sent again under the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from services.notification import metrics
from services.notification.domain import Attempt, Delivery, Town
from services.notification.errors import MailServerAway, NoAddress
from services.notification.mail.message import message_id
from services.notification.settings import MailSettings
from services.notification.store import repository
from services.notification.usecases import claiming, composing, outcomes
from services.notification.usecases.addressing import AddressedDelivery, Addressing
from services.notification.usecases.claiming import Claiming
from services.notification.usecases.ports import Contacts, Mailer
from shared.logs import describe
from shared.towns import Towns
from shared.unit import Units

log = logging.getLogger(__name__)


class Sender:
    """One sender; any number may work at once, here and elsewhere. Not to be shared between threads.

    `units`: the transactions in which deliveries are claimed, and outcomes noted and published.
    """

    def __init__(
        self,
        units: Units,
        towns: Towns[Town],
        contacts: Contacts,
        mailer: Mailer,
        settings: MailSettings,
    ) -> None:
        self._units = units
        self._towns = towns
        self._contacts = contacts
        self._mailer = mailer
        self._settings = settings
        self._claiming = Claiming(settings.list_size, settings.claim)
        self._addressing = Addressing(contacts, settings.away_delay)

    def close(self) -> None:
        """Let go of the connections."""
        self._contacts.close()
        self._mailer.close()

    def send_list(self, is_stopping: Callable[[], bool]) -> int:
        """Send what is due, a list at the most in which towns take turns; returns how many were claimed.

        Once `is_stopping` says so, what is not sent yet is given back.
        """
        with self._units.open() as unit:
            claimed = self._claiming.claim(unit)
            towns = self._towns.current(unit.conn, {d.town for d in claimed}) if claimed else {}
        ready, waiting = self._addressing.address(claimed, towns)
        self._put_back(waiting, self._settings.away_delay)
        try:
            sent, pause = self._send_all(ready, is_stopping)
        finally:
            self._mailer.close()
        self._put_back([addressed.delivery for addressed in ready[sent:]], pause)
        return len(claimed)

    def _put_back(self, deliveries: Sequence[Delivery], after: float) -> None:
        if deliveries:
            with self._units.open() as unit:
                claiming.put_back(unit, deliveries, after)

    def _send_all(
        self, ready: Sequence[AddressedDelivery], is_stopping: Callable[[], bool]
    ) -> tuple[int, float]:
        """How many were dealt with, and for how long (s) the others had better wait."""
        for position, addressed in enumerate(ready):
            if is_stopping():
                return position, 0
            try:
                self._mailer.connect()
            except MailServerAway as away:
                log.warning("the mail server is away: %s", away.cause)
                metrics.WAITS.labels("mail_server").inc()
                return position, self._settings.away_delay
            self._send(addressed)
        return len(ready), 0

    def _send(self, addressed: AddressedDelivery) -> None:
        begun = self._begin(addressed)
        if begun is None:
            return
        attempts, identifier = begun
        if attempts > self._settings.most_attempts:
            # Begun again and again, and never noted: it may kill its sender.
            attempt = Attempt("failed", "gave_up_unknown")
        else:
            attempt = self._attempt(addressed, identifier)
        outcomes.note_patiently(self._units, addressed.delivery, attempt, attempts, self._settings)

    def _begin(self, addressed: AddressedDelivery) -> tuple[int, str] | None:
        """Number and Message-ID of the attempt; None where the claim has passed to another sender."""
        delivery, language = addressed.delivery, addressed.language
        identifier = message_id(delivery.id, addressed.town.sender)
        with self._units.open() as unit:
            return repository.begin(unit.conn, delivery, language, identifier, self._settings.sending_claim)

    def _attempt(self, addressed: AddressedDelivery, identifier: str) -> Attempt:
        if addressed.delivery.uncertain:
            metrics.RESENT.inc()
        try:
            mail = composing.mail_of(addressed, identifier)
        except NoAddress as nobody:
            return Attempt("failed", nobody.cause)
        except Exception as exc:
            log.error("%s cannot be written: %s", addressed.delivery.template, describe(exc))
            return Attempt("later", "unwritable")
        return self._mailer.send(mail)
