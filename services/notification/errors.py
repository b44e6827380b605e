"""What can stand in the way of telling somebody."""

from __future__ import annotations

from shared.l10n.spoken import words_of

_ = words_of("services.notification")


class IntakeAway(Exception):
    """Intake did not give the addresses in time: the deliveries wait, and nothing is counted against them."""


class MailServerAway(Exception):
    """No connection to the mail server, or it would not greet us: the deliveries wait.

    `cause` is a code; the server's words are never kept.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class NoAddress(Exception):
    """There is nobody to write to; `cause` says why, as a code."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class NotFailed(Exception):
    """There is no delivery of this id that has failed."""

    def __init__(self, delivery_id: str) -> None:
        super().__init__(_("no failed mail has the id {id}; see `vigie delivery list`", id=delivery_id))


class MailSettingWrong(Exception):
    """`SMTP_URL` cannot be used; the message says what is wrong, without the password."""
