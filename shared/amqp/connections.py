"""Connections to the broker: over TLS, only to the one whose name is in the address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from kombu import Connection  # noqa: TID251

__all__ = ["Connection", "connection_to"]


def connection_to(url: str, **options: Any) -> Connection:
    """A connection to the broker at `url`, not opened yet; `options` are kombu's.

    By `amqps://` the certificate must be a trusted one and for the host in `url`: by itself kombu does
    not look for whom it is.
    """
    return Connection(url, ssl=_tls(url), **options)


def _tls(url: str) -> dict[str, str | None] | bool:
    parts = urlsplit(url)
    return {"server_hostname": parts.hostname} if parts.scheme == "amqps" else False
