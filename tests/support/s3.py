"""An S3 server of one's own, for tests that stop it; everybody else's goes on."""

from __future__ import annotations

import os
import secrets
import subprocess
from pathlib import Path

from deploy.local import objects, paths, ports, wait
from tests.support.children import dies_with_us


class PrivateStore:
    """A server with one bucket, in `folder`. `url`: as in S3_URL."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = ports.pick(besides=set())
        self._secret = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self.url = objects.url(self._port, self._secret)
        (folder / objects.BUCKET).mkdir()

    def start(self) -> None:
        """Start it, again after `stop`, with what it had, and return when it answers."""
        argv = [str(paths.VENV / "bin" / "rclone"), "serve", "s3", "--addr", f"127.0.0.1:{self._port}"]
        key = f'"{objects.KEY},{self._secret}"'
        env = {"PATH": os.environ["PATH"], "RCLONE_AUTH_KEY": key, "RCLONE_CONFIG": os.devnull}
        with (self._folder.with_suffix(".log")).open("ab") as log:
            self._process = subprocess.Popen(
                [*argv, str(self._folder)],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=dies_with_us,
            )
        assert wait.until(lambda: ports.answers(self._port), 20), "the S3 server did not start"

    def stop(self) -> None:
        """Stop it: nobody listens until `start`."""
        if self._process:
            self._process.terminate()
            self._process.wait(10)
            self._process = None
