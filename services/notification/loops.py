"""The loop that sends: looks into the ledger again and again, in as many threads as there are senders."""

from __future__ import annotations

import logging
import threading

from services.notification import domain
from services.notification.contacts import IntakeContacts
from services.notification.mail.smtp import mail_server
from services.notification.settings import MailSettings, mail_settings
from services.notification.usecases.sending import Sender
from shared.logs import describe
from shared.messaging import Resources
from shared.towns import Towns

log = logging.getLogger(__name__)


def send_mail(resources: Resources, stopping: threading.Event) -> None:
    """Send what the ledger has to send, until stopped; nothing where `MAIL_SENDING` is off."""
    settings = mail_settings()
    if not settings.sending:
        log.warning("MAIL_SENDING is off: mails stay in the ledger")
        return
    senders = [_sender(resources, settings) for _ in range(settings.senders)]
    threads = [
        threading.Thread(target=keep_sending, args=[sender, settings.poll, stopping]) for sender in senders
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def keep_sending(sender: Sender, poll: float, stopping: threading.Event) -> None:
    """Send until stopped, looking again `poll` seconds after nothing was due. What goes wrong is logged."""
    while not stopping.is_set():
        try:
            if not sender.send_list(stopping.is_set):
                stopping.wait(poll)
        except Exception as exc:
            log.warning("sending waits: %s", describe(exc))
            stopping.wait(1 + poll)
    sender.close()


def _sender(resources: Resources, settings: MailSettings) -> Sender:
    service = resources.settings
    contacts = IntakeContacts(service.amqp_url, service.user, settings.contacts_timeout)
    return Sender(resources.units, Towns(domain.town), contacts, mail_server(settings), settings)
