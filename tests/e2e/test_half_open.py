"""Connections that stay half open, on every process as it is started for real."""

from __future__ import annotations

import json
import urllib.request
from urllib.parse import urlsplit

import pytest

from tests.integration.http.clients import ALIVE, get, open_many
from tests.support.system import USUAL, System

HALF_A_HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Half:"


@pytest.mark.parametrize("sent", [b"", HALF_A_HEAD], ids=["silent", "half a head"])
@pytest.mark.parametrize("name", USUAL)
def test_300_half_open_connections_hold_up_nobody(system: System, name: str, sent: bytes) -> None:
    port = urlsplit(system.url(name)).port or 0
    with open_many(port, 300, sent):
        assert get(port, "/healthz", seconds=5.0) == (200, ALIVE)
        with urllib.request.urlopen(f"{system.url(name)}/readyz", timeout=60) as answer:
            assert json.load(answer)["ready"] is True
