"""An S3 server of one's own, which can be stopped and started again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local import ports


class Rclone:
    """An S3 server of one's own, which can be stopped and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        (folder / "bucket").mkdir(parents=True)
        self._folder = folder
        self._port = ports.pick(set())
        self.url = f"http://access:secret@127.0.0.1:{self._port}/bucket"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = shutil.which("rclone", path=str(Path(sys.executable).parent)) or shutil.which("rclone")
        assert program, "rclone is missing: `make test` installs it"
        address = f"127.0.0.1:{self._port}"
        command = [program, "serve", "s3", "--addr", address, str(self._folder)]
        env = {"PATH": os.environ["PATH"], "RCLONE_AUTH_KEY": '"access,secret"', "RCLONE_CONFIG": os.devnull}
        self._process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
        wait_for(self._answers)

    def stop(self) -> None:
        """Stop it, as a power cut would."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0


def wait_for(condition: Callable[[], bool], seconds: float = 90) -> None:
    """Return once the condition holds; fail where it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)
