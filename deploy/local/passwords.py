"""Passwords and keys, generated once and kept beside the data that they open."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path


class Passwords:
    """Secrets by name, in a JSON file that only its owner reads."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, str] = json.loads(file.read_text()) if file.is_file() else {}

    def of(self, name: str) -> str:
        """The secret of this name: 32 hexadecimal digits, made at its first use."""
        if name not in self._known:
            self._known[name] = secrets.token_hex(16)
            write_private(self._file, json.dumps(self._known, indent=1))
        return self._known[name]


def write_private(file: Path, text: str) -> None:
    """Replace a file at once by one of mode 0600."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    part.replace(file)
