"""The mail catcher: takes every mail and keeps it as a file instead of sending it on."""

from __future__ import annotations

import os
from pathlib import Path

from deploy.local import paths, ports, process, say

NAME = "mail"


def start(port: int, folder: Path) -> None:
    """Start the catcher and return when it answers."""
    argv = [str(paths.VENV / "bin" / "python"), "-m", "deploy.local.mailcatcher", str(port), str(folder)]
    program = process.Program(NAME, argv, {"PATH": os.environ["PATH"], "PYTHONPATH": str(paths.ROOT)})
    with say.step(f"starting the mail catcher on port {port}"):
        process.ready(program, process.start(program), lambda: ports.answers(port), 30)


def stop() -> bool:
    return process.stop(process.Program(NAME, [], patience=10))
