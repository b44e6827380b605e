"""The deployment files as data, and what the code says they should agree with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from deploy.local.paths import ROOT
from deploy.local.services import PROCESSES

DEPLOY = ROOT / "deploy"
_NAME = re.compile(r'"([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)"')
_OWN = {
    "shared.run": ("AMQP_URL", "DATABASE_URL", "WORKER_URL", "WORKER_LISTEN"),
    "shared.web": ("WEB_DATABASE_URL", "URL", "LISTEN"),
}


def documents(path: Path) -> list[dict[str, Any]]:
    """The YAML documents of a file."""
    return [document for document in yaml.safe_load_all(path.read_text("utf-8")) if document]


def settings_of(process: str) -> set[str]:
    """The names of all settings that a process reads, by its service's code."""
    service = PROCESSES[process].service
    modules = [ROOT / "shared" / "settings.py", *(ROOT / "services" / service).rglob("settings.py")]
    read = {name for module in modules for name in _NAME.findall(module.read_text("utf-8"))}
    return _own(process) | read - {"VIGIE_CONNECTIONS"}


def needed_by(process: str) -> set[str]:
    """The settings without which it does not start."""
    here = ROOT / "services" / PROCESSES[process].service
    text = "".join(module.read_text("utf-8") for module in here.rglob("settings.py"))
    optional = {name for name in _own(process) if name.endswith("_LISTEN")}
    return _own(process) - optional | (set(re.findall(r'required\("([A-Z0-9_]+)"', text)))


def _own(process: str) -> set[str]:
    kind = PROCESSES[process]
    return {f"{kind.service.upper()}_{name}" for name in _OWN[kind.module]}


ALL_SETTINGS = {name for process in PROCESSES for name in settings_of(process)}
FOR_VIGIE = {"ADMIN_AMQP_URL", "ADMIN_API_URL"}
