"""The HTTP face as a nameko provider: on the address of the settings, with the other providers in hand."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request

import pytest


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@pytest.mark.parametrize("listens_elsewhere", [False, True], ids=["on its URL", "behind a proxy"])
def test_service_answers_and_stops(listens_elsewhere: bool) -> None:
    port = _free_port()
    url = "https://signaler.example.org" if listens_elsewhere else f"http://127.0.0.1:{port}"
    settings = {"INTAKE_URL": url, "INTAKE_AMQP_URL": "unused", "INTAKE_DATABASE_URL": "unused"}
    settings |= {"INTAKE_LISTEN": f"127.0.0.1:{port}"} if listens_elsewhere else {}
    command = [sys.executable, "-W", "ignore", "-m", "tests.integration.http.serve_nameko"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | settings) as process:
        assert process.stdout
        assert process.stdout.readline() == "serving\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/words", timeout=10) as response:
            assert response.read() == b"words of intake"
        process.terminate()
        assert process.wait(10) == 0
