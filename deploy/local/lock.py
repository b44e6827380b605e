"""`make lock`: resolve pyproject.toml into lock files for Python 3.11 to 3.13, with hashes and no address.

Versions that are locked stay while they fit; `python -m deploy.local.lock --upgrade` takes the newest.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local.paths import ROOT

_COMPILE = ["pip", "compile", "--quiet", "--no-header", "--generate-hashes"]
_FOR_ALL = ["--universal", "--python-version", "3.11"]
_LOCKS = (
    ["pyproject.toml", "--group", "local", "-o", "requirements.lock"],
    ["--group", "pyproject.toml:test", "-c", "requirements.lock", "-o", "requirements-test.lock"],
    ["--group", "pyproject.toml:bench", "-c", "requirements.lock", "-o", "requirements-bench.lock"],
)


def main() -> None:
    """Write the three lock files; the resolver itself lives in a throw-away environment."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([f"{folder}/bin/pip", "install", "--quiet", "uv"], check=True)
        for arguments in _LOCKS:
            command = [str(Path(folder, "bin", "uv")), *_COMPILE, *_FOR_ALL, *arguments, *sys.argv[1:]]
            subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
