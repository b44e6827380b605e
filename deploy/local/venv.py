"""The virtual environment `.venv`, made anew from the hash-checked lock files when they change."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from deploy.local import say
from deploy.local.paths import LOG, ROOT, VENV

SUPPORTED = ((3, 11), (3, 14))
_PYTHON = VENV / "bin" / "python"
LOCKS = {
    "run": "requirements.lock",
    "test": "requirements-test.lock",
    "bench": "requirements-bench.lock",
    "node": "tests/browser/requirements-node.lock",  # only where the machine has no node: see node.py
}


def ensure(groups: list[str]) -> None:
    """Bring `.venv` to what the lock files of these groups say (`run` always), the project included."""
    _check_python()
    if not _usable():
        _create()
    for group in dict.fromkeys(["run", *groups]):
        install(group)
    _install_project()


def _check_python() -> None:
    lowest, highest = SUPPORTED
    if not lowest <= sys.version_info[:2] <= highest:
        raise say.Trouble(
            f"Python {sys.version_info[0]}.{sys.version_info[1]} is not supported: 3.11 to 3.14 are.",
            "Name another one: make PYTHON=python3.12 …",
        )


def _usable() -> bool:
    if not _PYTHON.exists():
        return False
    probe = [str(_PYTHON), "-c", "import sys, pip; print(sys.prefix, *sys.version_info[:2])"]
    answer = subprocess.run(probe, capture_output=True, text=True, check=False)
    return answer.stdout.split() == [str(VENV), *map(str, sys.version_info[:2])]


def _create() -> None:
    with say.step("making .venv"):
        log = LOG / "setup.log"
        if say.quietly([sys.executable, "-m", "venv", "--clear", str(VENV)], log) != 0:
            raise say.Trouble(
                f"Python could not make a virtual environment:\n{say.tail(log)}",
                "Install its venv module: apt-get install python3-venv",
            )


def install(group: str) -> None:
    """Install the packages of one group's lock file, unless they are there."""
    lock = ROOT / LOCKS[group]
    arguments = ["--require-hashes", "--no-deps", "-r", str(lock)]
    _pip(group, lock.read_bytes(), arguments, f"installing the packages of {lock.name} into .venv")


def _install_project() -> None:
    arguments = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    _pip("project", (ROOT / "pyproject.toml").read_bytes(), arguments, "installing vigie itself into .venv")


def _pip(name: str, content: bytes, arguments: list[str], what: str) -> None:
    stamp, fingerprint = VENV / f"installed-{name}", hashlib.sha256(content).hexdigest()
    if stamp.is_file() and stamp.read_text() == fingerprint:
        return
    with say.step(what):
        _pip_install(arguments)
    stamp.write_text(fingerprint)


def _pip_install(arguments: list[str]) -> None:
    log: Path = LOG / "setup.log"
    command = [str(_PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments]
    if say.quietly(command, log) != 0:
        raise say.Trouble(
            f"pip could not install what is needed:\n{say.tail(log)}",
            f"See {log}; if the package index cannot be reached, set PIP_INDEX_URL or a proxy.",
        )
