"""What notification publishes, and what it asks intake."""

from shared.contracts.blocks import ReportName
from shared.contracts.fields import Block, Choice, Count, Nested, Several
from shared.contracts.kinds import PURPOSES
from shared.contracts.texts import Id, Line


class Recipient(Block):
    """Whom a delivery is for; a citizen's address is never here."""

    kind = Choice(("citizen", "authority"), required=True)
    id = Id(required=True)


class Delivered(Block):
    """One message to one recipient by one channel."""

    delivery = Id(required=True)
    report = Nested(ReportName, required=True)
    recipient = Nested(Recipient, required=True)
    channel = Choice(("mail",), required=True)
    template = Line(100, required=True)
    attempts = Count(1, required=True)


class DeliverySentV1(Delivered):
    """The recipient's server has taken the message."""


class DeliveryFailedV1(Delivered):
    """No attempt is left, or none can help."""

    cause = Line(200, load_default=None)


class CitizenOfReport(Block):
    """A citizen, about a report."""

    citizen_id = Id(required=True)
    report_id = Id(required=True)


class ContactsRequestedV1(Block):
    """Notification is about to write, and asks for addresses."""

    purpose = Choice(
        PURPOSES,
        required=True,
        metadata={
            "description": "`hand_over` gives the contact to an authority, and needs the citizen's consent;"
            " `confirm_report` is about a report that is kept."
        },
    )
    recipients = Several(Nested(CitizenOfReport), least=1, most=1000, required=True)
