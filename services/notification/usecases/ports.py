"""What sending needs from outside, whatever it is made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from services.notification.domain import Attempt, Contact, Person
from services.notification.mail.message import Mail
from shared.contracts.kinds import Purpose


class Contacts(Protocol):
    """Gives the addresses and names of citizens."""

    def find(self, town: str, purpose: Purpose, people: Collection[Person]) -> Mapping[Person, Contact]:
        """The contact of each person who is known and whose contact may be given for `purpose`.

        Raises IntakeAway.
        """

    def close(self) -> None:
        """Let go of what is open."""


class Mailer(Protocol):
    """Takes mails to be carried to their recipients."""

    def connect(self) -> None:
        """Make ready for a mail. Raises MailServerAway."""

    def send(self, mail: Mail) -> Attempt:
        """Hand one mail over, after `connect`."""

    def close(self) -> None:
        """Let go of what is open, until the next `connect`."""
