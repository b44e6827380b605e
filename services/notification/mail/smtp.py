"""The mail server: one connection for a list of mails, and a verdict for each. No address is ever logged."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from urllib.parse import SplitResult, unquote, urlsplit

from services.notification.domain import Attempt
from services.notification.errors import MailServerAway, MailSettingWrong
from services.notification.mail.message import Mail
from services.notification.metrics import SECONDS
from services.notification.settings import MailSettings

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_GO_ON, _GOING_DOWN = 354, 421
Reply = tuple[int, bytes]


class MailServer:
    """The server that `SMTP_URL` names: `smtp://`, `smtp+starttls://` or `smtps://`, with `user:password@`.

    Without TLS nothing but a server on the same private network should be named, and no password is sent.
    """

    def __init__(self, url: str, timeout: float, data_timeout: float) -> None:
        self._url = _parsed(url)
        self._timeout = timeout
        self._data_timeout = data_timeout
        self._smtp: smtplib.SMTP | None = None

    def connect(self) -> None:
        """Open the connection unless it is open. Raises MailServerAway."""
        if self._smtp is None:
            try:
                self._smtp = self._open()
            except smtplib.SMTPResponseException as exc:
                raise MailServerAway(f"smtp_{exc.smtp_code}") from None
            except (OSError, smtplib.SMTPException) as exc:
                raise MailServerAway(type(exc).__name__) from None

    def send(self, mail: Mail) -> Attempt:
        """Hand one mail over; the connection must be open, and is closed where the server breaks it."""
        assert self._smtp is not None
        started = time.monotonic()
        attempt = self._send(self._smtp, mail)
        SECONDS.observe(time.monotonic() - started)
        return attempt

    def close(self) -> None:
        """End the connection, politely if the server still listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()

    def _send(self, smtp: smtplib.SMTP, mail: Mail) -> Attempt:
        steps: list[Callable[[], Reply]] = [
            lambda: smtp.mail(mail.sender),
            lambda: smtp.rcpt(mail.recipient),
            lambda: self._data(smtp, mail.body),
        ]
        for position, step in enumerate(steps, 1):
            try:
                code, _ = step()
            except (OSError, smtplib.SMTPException):
                self._drop()
                # After the text was sent, the server may have taken the mail: only the next attempt tells.
                return Attempt("later", "disconnected_in_data" if position == len(steps) else "disconnected")
            if not 200 <= code < 300:
                self._abandon(code)
                return verdict(code)
        return Attempt("sent")

    def _data(self, smtp: smtplib.SMTP, body: bytes) -> Reply:
        """DATA and the text, which the server may look at long; a refusal is a reply like any other."""
        assert smtp.sock is not None
        invited = smtp.docmd("DATA")
        if invited[0] != _GO_ON:
            return invited
        until = time.monotonic() + self._data_timeout
        smtp.sock.settimeout(self._data_timeout)
        try:
            smtp.send(_dotted(body))
            smtp.sock.settimeout(max(0.1, until - time.monotonic()))
            return smtp.getreply()
        finally:
            if smtp.sock is not None:
                smtp.sock.settimeout(self._timeout)

    def _abandon(self, code: int) -> None:
        """Make the connection fit for the next mail, or let it go."""
        assert self._smtp is not None
        try:
            if code == _GOING_DOWN or self._smtp.rset()[0] >= 400:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None

    def _open(self) -> smtplib.SMTP:
        smtp = self._greeted()
        try:
            self._prepare(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _greeted(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "", self._url.port or _PORTS[self._url.scheme]
        name = socket.gethostname()
        if self._url.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=self._timeout, context=context)
        return smtplib.SMTP(host, port, local_hostname=name, timeout=self._timeout)

    def _prepare(self, smtp: smtplib.SMTP) -> None:
        if self._url.scheme == "smtp+starttls":
            smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo_or_helo_if_needed()
        if self._url.username:
            smtp.login(unquote(self._url.username), unquote(self._url.password or ""))


def _dotted(body: bytes) -> bytes:
    """A mail with CRLF line ends as DATA takes it (RFC 5321, 4.5.2)."""
    ended = body if body.endswith(b"\r\n") else body + b"\r\n"
    return re.sub(rb"^\.", b"..", ended, flags=re.MULTILINE) + b".\r\n"


def _parsed(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise MailSettingWrong("SMTP_URL: smtp://, smtp+starttls:// or smtps:// and a host are needed")
    if parts.scheme == "smtp" and parts.username:
        raise MailSettingWrong("SMTP_URL: a password needs smtp+starttls:// or smtps://")
    return parts


def verdict(code: int) -> Attempt:
    """What an SMTP reply code (RFC 5321 §4.2.1) means for the mail it answers.

    A refusal for want of authentication (RFC 4954) is ours to mend, not the recipient's: later.
    """
    cause = f"smtp_{code}"
    if 200 <= code < 300:
        return Attempt("sent")
    if 500 <= code < 600 and code not in (530, 534, 535, 538):
        return Attempt("failed", cause)
    return Attempt("later", cause)


def mail_server(settings: MailSettings) -> MailServer:
    """The mail server of `SMTP_URL`. Raises MailSettingWrong."""
    return MailServer(settings.smtp_url, settings.smtp_timeout, settings.data_timeout)
