"""RabbitMQ's management HTTP API, as far as setting up users and permissions needs it."""

from __future__ import annotations

import base64
import http.client
import json
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, unquote, urlsplit

from shared.l10n.spoken import words_of

_ = words_of("shared")

_TIMEOUT = 15.0


class BrokerError(Exception):
    """The broker cannot be set up as asked; the message is for the operator."""


class Management:
    """One connection to the API at `url` (`http(s)://user:password@host:port`), as that user.

    Paths are given as parts, so that a name with a slash is one part. Raises BrokerError.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        host, port = parts.hostname or "127.0.0.1", parts.port or (15671 if secure else 15672)
        self._connection = kind(host, port, timeout=_TIMEOUT)
        self._place = f"{host}:{port}"
        self._prefix = f"{parts.path.rstrip('/').removesuffix('/api')}/api/"
        self.user = unquote(parts.username or "guest")
        secret = f"{self.user}:{unquote(parts.password or 'guest')}".encode()
        token = base64.b64encode(secret).decode()
        self._headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def get(self, *path: str) -> Any:
        """What is there, decoded; None where nothing is."""
        return self._call("GET", path)

    def put(self, *path: str, body: dict[str, Any]) -> None:
        """Create or replace."""
        self._call("PUT", path, body)

    def delete(self, *path: str) -> None:
        """Remove; it is no error if nothing was there."""
        self._call("DELETE", path)

    def _call(self, method: str, path: tuple[str, ...], body: dict[str, Any] | None = None) -> Any:
        status, answer = self._send(method, self._prefix + "/".join(quote(p, safe="") for p in path), body)
        if status == 404 and method != "PUT":
            return None
        if status >= 300:
            raise BrokerError(self._refusal(status, answer, f"{method} {'/'.join(path)}"))
        return json.loads(answer) if answer else None

    def _send(self, method: str, target: str, body: dict[str, Any] | None) -> tuple[int, bytes]:
        payload = None if body is None else json.dumps(body).encode()
        try:
            try:
                return self._exchange(method, target, payload)
            except (
                ConnectionError
            ):  # it closes connections that were idle for a minute; each call may be repeated
                self._connection.close()
                return self._exchange(method, target, payload)
        except (OSError, http.client.HTTPException) as exc:
            self._connection.close()
            message = _(
                "no answer from RabbitMQ's management API at {place} ({error}): "
                "is the broker up, with its plugin rabbitmq_management enabled?",
                place=self._place,
                error=type(exc).__name__,
            )
            raise BrokerError(message) from exc

    def _exchange(self, method: str, target: str, payload: bytes | None) -> tuple[int, bytes]:
        self._connection.request(method, target, payload, self._headers)
        response = self._connection.getresponse()
        return response.status, response.read()

    def _refusal(self, status: int, answer: bytes, what: str) -> str:
        if status in (401, 403):
            return _(
                "RabbitMQ's management API at {place} refuses the user {user} ({status}): "
                "the deployer's user needs the right password and the tag `administrator`",
                place=self._place,
                user=self.user,
                status=status,
            )
        try:
            reason = json.loads(answer).get("reason", "")
        except (ValueError, AttributeError):
            reason = answer[:200].decode(errors="replace")
        return _("{what}: RabbitMQ answered {status}: {reason}", what=what, status=status, reason=reason)
