"""`make lock`: resolve pyproject.toml into lock files for Python 3.11 to 3.13, with hashes and no address."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local.paths import ROOT

_COMPILE = ["pip", "compile", "--quiet", "--upgrade", "--no-header", "--generate-hashes"]
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
            subprocess.run(
                [str(Path(folder, "bin", "uv")), *_COMPILE, *_FOR_ALL, *arguments], check=True, cwd=ROOT
            )


if __name__ == "__main__":
    main()
