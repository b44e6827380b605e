"""What the commands print: a line for each step, and a refusal that says what to do."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_STILL_EVERY = 15.0  # seconds between two signs of life of a long step


class Trouble(Exception):
    """Something cannot be had. `what` says what is wrong, `remedy` what the reader can do about it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}\n    → {remedy}")


def line(text: str) -> None:
    print(f"  {text}", flush=True)


@contextlib.contextmanager
def step(text: str) -> Iterator[None]:
    """Print what begins, and how long it took when it ends well."""
    began = time.monotonic()
    line(f"{text} …")
    yield
    line(f"{text}: done ({time.monotonic() - began:.1f} s)")


def quietly(
    argv: Sequence[str], log: Path, env: dict[str, str] | None = None, cwd: Path | None = None
) -> int:
    """Run a long command with its output in `log`, giving signs of life; return its exit status."""
    log.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with log.open("ab") as out:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, cwd=cwd)
        while True:
            try:
                return process.wait(timeout=_STILL_EVERY)
            except subprocess.TimeoutExpired:
                line(f"  still working, {time.monotonic() - began:.0f} s ({log.name})")


def tail(log: Path, lines: int = 12) -> str:
    """Return the last lines of a log, indented, for a message."""
    if not log.is_file():
        return "    (no log)"
    text = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {row}" for row in text) or "    (empty log)"
