"""The deployment files as data, and what the code says they should agree with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from deploy.local.paths import ROOT
from shared.settings import SERVICES

DEPLOY = ROOT / "deploy"
_NAME = re.compile(r'"([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)"')
_OWN = ("AMQP_URL", "DATABASE_URL", "URL", "LISTEN")


def documents(path: Path) -> list[dict[str, Any]]:
    """The YAML documents of a file."""
    return [document for document in yaml.safe_load_all(path.read_text("utf-8")) if document]


def settings_of(service: str) -> set[str]:
    """The names of all settings that a service reads, by its code."""
    own = {f"{service.upper()}_{kind}" for kind in _OWN}
    modules = [ROOT / "shared" / "settings.py", *(ROOT / "services" / service).rglob("settings.py")]
    read = {name for module in modules for name in _NAME.findall(module.read_text("utf-8"))}
    return own | read - {"VIGIE_CONNECTIONS"}


def needed_by(service: str) -> set[str]:
    """The settings without which it does not start."""
    text = "".join(module.read_text("utf-8") for module in (ROOT / "services" / service).rglob("settings.py"))
    own = {f"{service.upper()}_{kind}" for kind in ("AMQP_URL", "DATABASE_URL", "URL")}
    return own | set(re.findall(r'required\("([A-Z0-9_]+)"', text))


ALL_SETTINGS = {name for service in SERVICES for name in settings_of(service)}
FOR_VIGIE = {"ADMIN_AMQP_URL", "ADMIN_API_URL"}
