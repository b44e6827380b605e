"""Which servers' addresses are given, so that these are not ours to start. Standard library alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

# server → its addresses: it is ours to start unless every one of them is given
SERVERS = {
    "postgres": ["ADMIN_DATABASE_URL"],
    "rabbitmq": ["ADMIN_AMQP_URL", "ADMIN_API_URL"],
    "objects": ["S3_URL"],
    "mail": ["SMTP_URL"],
}
MARK = "VIGIE_GIVEN"  # the names whose values came from the environment, in the file itself


def is_ours(server: str, given: Mapping[str, str]) -> bool:
    """Whether the server of this name is ours to start."""
    return any(address not in given for address in SERVERS[server])


def read(file: Path) -> dict[str, str]:
    """The values of a dotenv file; none where there is no file."""
    lines = file.read_text().splitlines() if file.is_file() else []
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def given(environ: Mapping[str, str], file: Path, names: Iterable[str]) -> dict[str, str]:
    """What the environment says of its own accord: not what it has only because somebody sourced our file."""
    before = read(file)
    were_given = before.get(MARK, "").split(",")
    there = [name for name in environ if name in set(names)]
    return {name: environ[name] for name in there if environ[name] != before.get(name) or name in were_given}


def servers_given(environ: Mapping[str, str], file: Path) -> dict[str, str]:
    """The same, of servers' addresses alone."""
    return given(environ, file, [address for addresses in SERVERS.values() for address in addresses])
