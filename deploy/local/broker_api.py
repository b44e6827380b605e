"""The little of RabbitMQ's HTTP API that a stack needs: virtual hosts, users, permissions."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, unquote, urlsplit

_TIMEOUT = 20


def call(api_url: str, method: str, path: list[str], body: dict[str, Any] | None = None) -> Any:
    """One request to `/api/PATH…`; the address carries user and password. Raises urllib.error.HTTPError."""
    parts = urlsplit(api_url)
    address = f"{parts.scheme}://{parts.hostname}:{parts.port}/api/" + "/".join(quote(step, safe="") for step in path)
    identity = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(identity).decode()}", "Content-Type": "application/json"}
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310 - the operator's address
    with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
        text = answer.read()
    return json.loads(text) if text else None


def answers(api_url: str) -> bool:
    """Does the API let us in?"""
    try:
        call(api_url, "GET", ["whoami"])
    except (OSError, urllib.error.HTTPError):
        return False
    return True


def put_vhost(api_url: str, vhost: str, owner: str) -> None:
    """Make the virtual host unless it is there, and let `owner` do everything in it."""
    call(api_url, "PUT", ["vhosts", vhost], {})
    call(api_url, "PUT", ["permissions", vhost, owner], {"configure": ".*", "write": ".*", "read": ".*"})


def delete_vhost(api_url: str, vhost: str) -> None:
    call(api_url, "DELETE", ["vhosts", vhost])


def vhosts(api_url: str) -> list[str]:
    return [entry["name"] for entry in call(api_url, "GET", ["vhosts"])]


def put_user(api_url: str, name: str, password: str) -> None:
    """Make the user, or give it this password. What it may do is settled elsewhere: nothing, at first."""
    call(api_url, "PUT", ["users", name], {"password": password, "tags": ""})
