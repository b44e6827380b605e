"""`make lock`: resolve pyproject.toml and package.json into lock files with hashes and no address.

Python's are for 3.11 to 3.14.

Versions that are locked stay while they fit; `python -m deploy.local.lock --upgrade` takes the newest.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from deploy.local import node, venv
from deploy.local.paths import ROOT

_COMPILE = ["pip", "compile", "--quiet", "--no-header", "--generate-hashes"]
_FOR_ALL = ["--universal", "--python-version", "3.11"]
_LOCKS = (
    ["pyproject.toml", "--group", "local", "-o", "requirements.lock"],
    ["--group", "pyproject.toml:test", "-c", "requirements.lock", "-o", "requirements-test.lock"],
    ["--group", "pyproject.toml:bench", "-c", "requirements.lock", "-o", "requirements-bench.lock"],
    ["--group", "pyproject.toml:node", "-o", "tests/browser/requirements-node.lock"],
)


def main() -> None:
    """Write all lock files."""
    _lock_python()
    _lock_npm()


def _lock_python() -> None:
    """The resolver itself lives in a throw-away environment."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([f"{folder}/bin/pip", "install", "--quiet", "uv"], check=True)
        for arguments in _LOCKS:
            command = [str(Path(folder, "bin", "uv")), *_COMPILE, *_FOR_ALL, *arguments, *sys.argv[1:]]
            subprocess.run(command, check=True, cwd=ROOT)


def _lock_npm() -> None:
    """`package.json` names exact versions; what those need is locked as npm resolves it."""
    if node.found() is None:
        venv.install("node")
    found = node.found()
    assert found
    subprocess.run([*found.npm, "install", "--package-lock-only"], check=True, cwd=node.TOOLS)
    lock = node.TOOLS / "package-lock.json"
    document: dict[str, Any] = json.loads(lock.read_text())
    for package in document["packages"].values():
        package.pop("funding", None)  # addresses of its makers
    lock.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
