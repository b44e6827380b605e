"""The mail catcher: takes every mail and keeps it as a file instead of sending it on."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

from deploy.local import home, paths, ports, process

NAME = "mail"


def start(port: int, folder: Path) -> None:
    """Start the catcher, which keeps mails in `folder`, and return when it answers."""
    argv = [sys.executable, "-m", "deploy.local.mailcatcher", str(port), str(folder)]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(paths.ROOT)}
    executable = Path(sys.executable).resolve().name
    program = process.Program(NAME, argv, env, folder=home.owned(NAME, None), executable=executable)
    process.ensure(program, f"the mail catcher on port {port}", partial(ports.answers, port))


def stop() -> bool:
    """Stop it; True if it ran."""
    return process.stop(process.Program(NAME, [], patience=10))
