"""A mail as it goes over the wire (RFC 5322, MIME): headers that nobody can inject into, text beside HTML."""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime, formataddr

from services.notification.errors import NoAddress
from services.notification.mail.quoting import one_line
from services.notification.mail.rendering import Content
from shared.addresses import in_ascii

# The standard library's older policy writes the same mail in a quarter of the newer one's time, and keeps
# the spaces of a subject that it folds.
_WIRE = compat32.clone(linesep="\r\n")
# Never found in quoted-printable text (RFC 2045, 6.7).
_BOUNDARY = "=_vigie"


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
    message = Message(_WIRE)
    message["From"] = _mailbox(envelope.sender_name, sender)
    message["To"] = _mailbox(envelope.recipient_name, recipient)
    if envelope.reply_to:
        message["Reply-To"] = _address(envelope.reply_to).addr_spec
    message["Subject"] = _encoded(one_line(content.subject))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = identifier
    # RFC 3834: so that nobody's out-of-office answers an automaton.
    message["Auto-Submitted"] = "auto-generated"
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = f'multipart/alternative; boundary="{_BOUNDARY}"'
    message["Content-Language"] = language
    message.set_payload([_part("plain", content.text), _part("html", content.html)])
    return Mail(sender.addr_spec, recipient.addr_spec, message.as_bytes())


def _part(subtype: str, text: str) -> Message:
    part = Message(_WIRE)
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(binascii.b2a_qp(text.encode(), istext=True).decode())
    return part


def _mailbox(name: str, address: Address) -> str:
    name = one_line(name)
    if name.isascii() and "=?" not in name:
        return formataddr((name, address.addr_spec))
    return f"{_encoded(name)} <{address.addr_spec}>"


def _encoded(text: str) -> str:
    """`text` as a header may carry it: as it is, or in encoded words (RFC 2047)."""
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name="Subject").encode(linesep="")


def _address(text: str) -> Address:
    """One address, its domain in ASCII; the local part must be ASCII already (no SMTPUTF8)."""
    try:
        return Address(addr_spec=in_ascii(text))
    except (ValueError, IndexError, MessageError):
        # The parser's own words would repeat the address.
        raise NoAddress("bad_address") from None
