"""What notification reads from its environment beyond what every service does."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings import Kind, given, required, switch


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail goes out. All times in seconds.

    `delays`: before the 2nd, 3rd, … attempt, the last one from then on. `most_attempts`: after them a
    delivery has failed (three days, by the default delays). `away_delay`: before the next look when intake
    or the mail server is away. `claim`: how long a sender may sit on its list, and `sending_claim` on the
    one mail that it is handing over, before another takes over; longer than the server may take for one
    (`smtp_timeout` for each of four commands, and `data_timeout` to take the text).
    `senders`: lists in work at once. `list_size`: deliveries of a list, shared out among the towns, for
    which one connection is opened.
    """

    sending: bool
    smtp_url: str
    delays: tuple[float, ...] = (10.0, 30.0, 120.0, 600.0, 3600.0, 21600.0)
    most_attempts: int = 18
    away_delay: float = 10.0
    claim: float = 20.0
    sending_claim: float = 50.0
    senders: int = 3
    list_size: int = 50
    poll: float = 0.5
    smtp_timeout: float = 5.0
    data_timeout: float = 25.0
    contacts_timeout: float = 5.0


def mail_settings(environ: Mapping[str, str] = os.environ) -> MailSettings:
    """The settings from `MAIL_SENDING`, `SMTP_URL` and the others whose names begin with `MAIL_`.

    Raises SettingMissing where mail is to be sent and there is no `SMTP_URL`.
    """
    sending = switch("MAIL_SENDING", True, environ)
    smtp_url = required("SMTP_URL", environ) if sending else environ.get("SMTP_URL", "")
    return MailSettings(sending, smtp_url, **given(_GIVEN, environ))


def _seconds(text: str) -> tuple[float, ...]:
    return tuple(float(delay) for delay in text.split(","))


_GIVEN: Mapping[str, tuple[str, Kind]] = {
    "delays": ("MAIL_RETRY_DELAYS", _seconds),
    "away_delay": ("MAIL_AWAY_DELAY", float),
    "senders": ("MAIL_SENDERS", int),
    "list_size": ("MAIL_LIST_SIZE", int),
}
