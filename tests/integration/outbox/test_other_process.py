"""What a web process commits is published by the worker at once: it is woken, and need not look by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import paths, ports, services
from tests.support.children import dies_with_us
from tests.support.databases import Databases
from tests.support.probing import Probe
from tests.support.system import wait_until

AN_HOUR = "3600"


@pytest.fixture
def page(probe: Probe, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """Where a web process publishes, as the role that has the rights of pages alone."""
    url = f"http://127.0.0.1:{ports.pick(set())}"
    own = {"ROUTING_URL": url, "ROUTING_WEB_DATABASE_URL": databases.web_url("routing", probe.url)}
    with (
        (tmp_path / "page.log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "tests.support.publishing_page"],
            env=os.environ | own,
            cwd=paths.ROOT,
            stdout=log,
            stderr=log,
            preexec_fn=dies_with_us,
        ) as process,
    ):
        wait_until(lambda: services.answers(f"{url}/healthz"), what="the page is served")
        yield url
        process.terminate()


def _publish(page: str) -> str:
    request = urllib.request.Request(f"{page}/publish", b"", method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(answer.read().decode())


def test_it_is_published_without_waiting_for_the_next_look(probe: Probe, page: str) -> None:
    probe.start_ready(RELAY_POLL=AN_HOUR)
    for _ in range(3):
        published = _publish(page)
        wait_until(lambda: probe.depth("intake.events") > 0, what="the relay is woken")
        assert [event["id"] for event in probe.told()] == [published]


def test_a_connection_that_is_lost_is_made_again_and_what_came_meanwhile_is_found(
    probe: Probe, page: str
) -> None:
    probe.start_ready(RELAY_POLL=AN_HOUR)
    listening = """select pid from pg_stat_activity
                    where datname = current_database() and query like '%listen outbox' and state = 'idle'"""
    [first] = wait_until(lambda: probe.rows(listening), what="the worker listens")
    probe.rows("select pg_terminate_backend(%s)", first[0])
    published = _publish(page)
    wait_until(lambda: probe.depth("intake.events") > 0, what="it listens again, and looks")
    assert [event["id"] for event in probe.told()] == [published]
