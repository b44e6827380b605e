"""`services/<name>/store/schema.sql`: every table of a service's database, as its migrations make them.

`python -m tests.support.snapshot` writes all four anew, after a migration was added.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from deploy.local import connections, paths
from shared.settings import SERVICES
from tests.support.databases import Databases

_NOISE = ("--", "SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict")


def file(service: str) -> Path:
    """Where the snapshot lies."""
    return paths.ROOT / "services" / service / "store" / "schema.sql"


def dump(url: str) -> str:
    """The statements that make the database at `url`, without what differs from server to server."""
    parts = urlsplit(url)
    command = ["pg_dump", "--schema-only", "--no-owner", "--no-privileges", "--no-comments"]
    command += ["--host", parts.hostname or "", "--port", str(parts.port), "--username", parts.username or ""]
    environment = os.environ | {"PGPASSWORD": unquote(parts.password or "")}
    done = subprocess.run(
        [*command, parts.path[1:]], env=environment, capture_output=True, check=True, text=True
    )
    lines = [line for line in done.stdout.splitlines() if line and not line.startswith(_NOISE)]
    return "".join(f"{line}\n" for line in lines)


def main() -> None:
    """Write them all."""
    databases = Databases(connections.read(paths.CONNECTIONS))
    try:
        for service in SERVICES:
            file(service).write_text(dump(databases.create(service)))
    finally:
        databases.close()


if __name__ == "__main__":
    main()
