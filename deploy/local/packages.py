"""Debian packages: what is missing is installed when we may, or named when we may not."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from deploy.local import given, say
from deploy.local.paths import LOCAL, LOG

# package → a file that shows it is there (a pattern below /)
SERVERS = {
    "postgresql": "usr/lib/postgresql/*/bin/postgres",
    "rabbitmq-server": "usr/lib/rabbitmq/bin/rabbitmq-server",
}
SERVES = {"postgresql": "postgres", "rabbitmq-server": "rabbitmq"}  # package → the server it brings
BROWSER = {
    "chromium": "usr/bin/chromium",
    "fonts-roboto-unhinted": "usr/share/fonts/**/Roboto-Regular.ttf",
    "libatomic1": "usr/lib/*/libatomic.so.1",
}
WEB_SERVER = {"nginx": "usr/sbin/nginx"}  # for tests alone: deploy/nginx in front of pages

_UNFINISHED = LOCAL / "installing"  # left behind by an installation that was cut off
_POLICY = Path("/usr/sbin/policy-rc.d")
_DENY = (
    "#!/bin/sh\n# vigie: here while packages are being installed, so that they start no daemon\nexit 101\n"
)
_APT = ["apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=120"]


def of_servers(addresses: Mapping[str, str]) -> dict[str, str]:
    """The packages of those servers that are ours to start; `addresses`: those that are given."""
    return {name: file for name, file in SERVERS.items() if given.is_ours(SERVES[name], addresses)}


def check(wanted: dict[str, str]) -> None:
    """Raise Trouble with what to type where a package is missing that `ensure` could not install."""
    if missing := _missing(wanted):
        _check_able(missing)


def _missing(wanted: dict[str, str]) -> list[str]:
    return [package for package, pattern in wanted.items() if not any(Path("/").glob(pattern))]


def ensure(wanted: dict[str, str]) -> None:
    """Install those packages whose file is not there; raise Trouble with what to type where we cannot."""
    missing = _missing(wanted)
    if not missing and not _UNFINISHED.exists():
        return
    _check_able(missing)
    with say.step(f"installing {', '.join(missing or wanted)} (Debian packages)"), no_daemons():
        _UNFINISHED.touch()
        _install(missing or list(wanted))
        _UNFINISHED.unlink()


def _check_able(missing: list[str]) -> None:
    names = " ".join(missing)
    if shutil.which("apt-get") is None:
        raise say.Trouble(
            f"Missing: {names}, and this is not a Debian system (no apt-get).",
            "Give the addresses of servers that run already: see deploy/README.md.",
        )
    if os.geteuid() != 0:
        raise say.Trouble(f"Missing: {names}.", f"As root: apt-get install {names}")


@contextlib.contextmanager
def no_daemons() -> Iterator[None]:
    """Keep packages from starting daemons beside ours; a policy that is there already is left alone."""
    ours = not _POLICY.exists() or _POLICY.read_text() == _DENY
    if ours:
        _POLICY.write_text(_DENY)
        _POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            _POLICY.unlink(missing_ok=True)


def _install(missing: list[str]) -> None:
    log, env = LOG / "apt.log", os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["dpkg", "--configure", "-a"],  # an installation that was cut off is finished first
        [*_APT, "update"],
        [*_APT, "install", "--no-install-recommends", *missing],
    )
    for command in commands:
        if say.quietly(command, log, env) != 0:
            raise say.Trouble(
                f"`{' '.join(command)}` failed:\n{say.tail(log)}", f"See {log}; mend it and try again."
            )
