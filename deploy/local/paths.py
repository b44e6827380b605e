"""Where the things of one checkout lie."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOCAL = ROOT / ".local"
RUN = LOCAL / "run"
LOG = LOCAL / "log"
MAIL = LOCAL / "mail"
CONNECTIONS = LOCAL / "connections.env"
PORTS = LOCAL / "ports.json"
LOCK = LOCAL / "lock"

# Names what must differ between two checkouts on one machine.
CHECKOUT = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]


def make_folders() -> None:
    """Make the folders of `.local`; other system users may pass through, nobody else may list them."""
    for folder in (LOCAL, RUN, LOG, MAIL):
        folder.mkdir(parents=True, exist_ok=True)
    LOCAL.chmod(0o711)
    for private in (RUN, LOG, MAIL):
        private.chmod(0o700)
