"""Where the servers' data lie, and as whom the servers run."""

from __future__ import annotations

import os
import pwd
import subprocess
from functools import cache
from pathlib import Path

from deploy.local import paths, say

_USERS = {"postgres", "rabbitmq"}


def become(user: str) -> str | None:
    """The system user a server runs as: `user`, made by its package, for root; else ourselves (None)."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(user).pw_name
    except KeyError:
        raise say.Trouble(
            f"The system user {user} does not exist.",
            f"adduser --system --group {user}; its Debian package does so.",
        ) from None


@cache
def data() -> Path:
    """The folder of all servers' data: in the checkout, or elsewhere if their users may not go there."""
    near, far = paths.LOCAL / "data", Path(f"/var/lib/vigie-{paths.CHECKOUT}")
    there = {entry.pw_name for entry in pwd.getpwall()} & _USERS if os.geteuid() == 0 else set()
    folder = near if all(_may_enter(user, paths.LOCAL) for user in there) else far
    folder.mkdir(mode=0o711, exist_ok=True)
    folder.chmod(0o711)
    return folder


def run_as(user: str | None, argv: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a short command as this system user (None: as ourselves)."""
    group = pwd.getpwnam(user).pw_gid if user else None
    groups: list[int] | None = [] if user else None
    return subprocess.run(
        argv,
        user=user,
        group=group,
        extra_groups=groups,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def _may_enter(user: str, folder: Path) -> bool:
    return run_as(user, ["test", "-x", str(folder)]).returncode == 0


def owned(name: str, user: str | None) -> Path:
    """The folder `name` among the data, open to `user` only (None: to us)."""
    folder = data() / name
    folder.mkdir(mode=0o700, exist_ok=True)
    if user:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    return folder
