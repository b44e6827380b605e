"""A mail catcher of one's own: the local stack's, on another port, with another folder."""

from __future__ import annotations

import subprocess
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from deploy.local import paths, ports, wait
from tests.support.children import dies_with_us


class Mailbox:
    """A running catcher. `url`: where to send; `folder`: what came, one `.eml` each; `log`: its output."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder.with_suffix(".log")
        self.port = ports.pick(besides=set())
        self.url = f"smtp://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, again after `stop`, and return when it takes mail."""
        argv = [sys.executable, "-m", "deploy.local.mailcatcher", str(self.port), str(self.folder)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                argv,
                cwd=paths.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=dies_with_us,
            )
        assert wait.until(lambda: ports.answers(self.port), 20), "the mail catcher did not start"

    def stop(self) -> None:
        """Stop it: mail is refused until `start`."""
        if self._process:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def mails(self) -> list[EmailMessage]:
        """Every mail that came, the oldest first."""
        files = sorted(self.folder.glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
