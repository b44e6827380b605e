"""What `vigie` does for a new stack: broker, tables, the example town, the front end's key."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from urllib.parse import urlsplit

from deploy.local import paths, say
from deploy.local.connections import TOOLS
from shared.messaging import deployer

GENTILLY = "deploy/towns/gentilly"


def prepare(values: Mapping[str, str]) -> None:
    """Declare exchanges, queues and permissions; bring the databases' tables up to date."""
    vigie(values, "broker", "apply")
    vigie(values, "db", "migrate")


def apply(values: Mapping[str, str], folder: str = GENTILLY) -> None:
    """Set the town up in the running services; its tools get the passwords that their addresses have."""
    vigie({**values, **tool_passwords(values)}, "town", "apply", folder)


def give_key(values: Mapping[str, str], town: str = "gentilly") -> None:
    """Let the town's front end upload photos with the key FRONT_API_KEY."""
    front_end = urlsplit(values["FRONT_AMQP_URL"]).username or ""
    vigie(values, "intake", "key", town, front_end, "--key", values["FRONT_API_KEY"])


def tool_passwords(values: Mapping[str, str]) -> dict[str, str]:
    """What `vigie town apply` is told: `VIGIE_PASSWORD_GENTILLY_WEB` and so on."""
    logins = [urlsplit(values[variable]) for variable in TOOLS]
    return {deployer.password_setting(login.username or ""): login.password or "" for login in logins}


def vigie(values: Mapping[str, str], *arguments: str) -> str:
    """Run the operator's command on this stack; return what it printed."""
    argv = [str(paths.VENV / "bin" / "vigie"), *arguments]
    env = os.environ | dict(values)
    # What it shows of a message that cannot be read may be any bytes.
    done = subprocess.run(
        argv, env=env, cwd=paths.ROOT, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        command = " ".join(["vigie", *arguments])
        raise say.Trouble(
            f"`{command}` failed:\n{done.stdout}{done.stderr}",
            f"Mend it, then .venv/bin/{command}, or `make up` again.",
        )
    return done.stdout
