"""Writes the mail of a delivery: who it is from and for, and what it says."""

from __future__ import annotations

from services.notification.errors import NoAddress
from services.notification.mail import rendering, wording
from services.notification.mail.message import Envelope, Mail, compose
from services.notification.usecases.addressing import AddressedDelivery
from shared import clock


def mail_of(addressed: AddressedDelivery, message_id: str) -> Mail:
    """The mail. Raises NoAddress."""
    envelope = _envelope(addressed)
    delivery, language = addressed.delivery, addressed.language
    variables = wording.variables(delivery, addressed.town, addressed.contact, language)
    content = rendering.render(delivery.template, language, variables)
    return compose(envelope, content, language, message_id, clock.now())


def _envelope(addressed: AddressedDelivery) -> Envelope:
    town, delivery = addressed.town, addressed.delivery
    sender = (town.sender, town.branding.title(addressed.language))
    if delivery.recipient_kind == "citizen":
        if addressed.contact is None:
            raise NoAddress("no_contact")
        return Envelope(*sender, addressed.contact.email, reply_to=town.reply_to)
    authority = town.authorities.get(delivery.recipient_id)
    if authority is None or not authority.email:
        raise NoAddress("no_address")
    label = authority.label.in_language(addressed.language)
    return Envelope(*sender, authority.email, label, reply_to=town.reply_to)
