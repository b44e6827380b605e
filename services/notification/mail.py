"""A mail as it goes over the wire (RFC 5322, MIME): headers that nobody can inject into, text beside HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from services.notification.domain import one_line
from services.notification.errors import NoAddress
from services.notification.rendering import Content


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who a mail is from, for, and to be answered to: addresses, and names where they are worth showing."""

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str = ""
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """What the mail server is given."""

    sender: str
    recipient: str
    body: bytes


def message_id(delivery_id: str, sender: str) -> str:
    """The Message-ID of a delivery: always the same, so that the recipient's server sees a repeat."""
    return f"<{delivery_id}@{_address(sender).domain}>"


def compose(envelope: Envelope, content: Content, language: str, identifier: str, now: datetime) -> Mail:
    """The mail. `identifier`: its Message-ID. Raises NoAddress where an address cannot be written to."""
    sender, recipient = _address(envelope.sender), _address(envelope.recipient)
    message = EmailMessage(policy=SMTP)
    message["From"] = _named(sender, envelope.sender_name)
    message["To"] = _named(recipient, envelope.recipient_name)
    if envelope.reply_to:
        message["Reply-To"] = _address(envelope.reply_to)
    message["Subject"] = _subject(one_line(content.subject))
    message["Date"] = now
    message["Message-ID"] = identifier
    # RFC 3834: so that nobody's out-of-office answers an automaton.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(content.text, cte="quoted-printable")
    message.add_alternative(content.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language  # last: what is set before goes to the first part alone
    return Mail(sender.addr_spec, recipient.addr_spec, message.as_bytes())


def _subject(text: str) -> str:
    """`text`, with no-break spaces where the standard library would lose plain ones on folding the header.

    It puts a fold between two encoded words, and readers drop the white space there (RFC 2047, 6.2).
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = text
    kept = message_from_bytes(message.as_bytes(), policy=SMTP)["Subject"] == text
    return text if kept else text.replace(" ", "\u00a0")


def _named(address: Address, name: str) -> Address:
    return Address(one_line(name), address.username, address.domain)


def _address(text: str) -> Address:
    """One address, its domain in ASCII; the local part must be ASCII already (no SMTPUTF8)."""
    try:
        local, _, domain = text.rpartition("@")
        if not (local and local.isascii() and domain):
            raise NoAddress("bad_address")
        return Address(addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except (ValueError, IndexError, MessageError):
        # The parser's own words would repeat the address.
        raise NoAddress("bad_address") from None
