"""The server under test, as `make up` starts it, but with short deadlines."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from deploy.local import paths
from tests.support.children import dies_with_us


@dataclass(frozen=True)
class Served:
    """The process that serves, and its port."""

    process: subprocess.Popen[str]
    port: int

    def said(self) -> str:
        """The next line that it prints."""
        assert self.process.stdout
        return self.process.stdout.readline().rstrip()


@contextmanager
def serve(module: str) -> Iterator[Served]:
    """Run `module`, which prints its port, until the end."""
    command = [sys.executable, "-W", "ignore", "-m", module]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=paths.ROOT,
        preexec_fn=dies_with_us,
    ) as process:
        assert process.stdout
        yield Served(process, int(process.stdout.readline()))
        process.kill()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Pages on gunicorn, which tests share and must leave running."""
    with serve("tests.integration.http.serve") as running:
        yield running


@pytest.fixture
def fresh() -> Iterator[Served]:
    """Pages on gunicorn, for one test alone."""
    with serve("tests.integration.http.serve") as running:
        yield running
