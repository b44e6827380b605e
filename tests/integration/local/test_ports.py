"""Ports are remembered, and given up when somebody else has them."""

from __future__ import annotations

import socket
from pathlib import Path

from deploy.local.ports import Ports, free, pick


def test_a_port_is_remembered(tmp_path: Path) -> None:
    first = Ports(tmp_path / "ports.json").of("intake")
    assert Ports(tmp_path / "ports.json").of("intake") == first < 32768


def test_names_never_share_a_port(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    assert len({ports.of(str(number)) for number in range(20)}) == 20


def test_a_port_that_another_process_has_is_replaced_but_not_one_that_is_ours(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    port = ports.of("intake")
    with socket.create_server(("127.0.0.1", port)):
        assert ports.of("intake", held=True) == port
        assert ports.of("intake") != port


def test_a_port_with_a_listener_is_not_free() -> None:
    port = pick(besides=set())
    assert free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not free(port)
