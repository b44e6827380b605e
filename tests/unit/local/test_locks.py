"""The lock files hold a hash for every package and no address, and fit what they were made from."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from deploy.local import node
from deploy.local.paths import ROOT
from deploy.local.venv import LOCKS

PACKAGE: dict[str, Any] = json.loads((node.TOOLS / "package.json").read_text())
LOCK: dict[str, Any] = json.loads((node.TOOLS / "package-lock.json").read_text())
FILES = [*LOCKS.values(), "tests/browser/package-lock.json"]


@pytest.mark.parametrize("name", FILES)
def test_no_address_is_locked(name: str) -> None:
    assert not re.search(r"\w://|\bresolved\b|index-url", (ROOT / name).read_text())


@pytest.mark.parametrize("name", LOCKS.values())
def test_every_python_package_has_its_hash(name: str) -> None:
    packages = re.split(r"\n(?=\S)", (ROOT / name).read_text())
    assert [p for p in packages if "==" in p.split("\n")[0] and "--hash=sha256:" not in p] == []
    assert any("==" in p for p in packages)


def test_every_npm_package_has_its_hash_and_runs_nothing_when_installed() -> None:
    packages = {name: package for name, package in LOCK["packages"].items() if name}
    assert len(packages) > 2
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert not package.get("hasInstallScript"), name


def test_lock_is_of_the_packages_that_are_named() -> None:
    root = LOCK["packages"][""]
    assert root["devDependencies"] == PACKAGE["devDependencies"]
    for name, version in PACKAGE["devDependencies"].items():
        assert LOCK["packages"][f"node_modules/{name}"]["version"] == version


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        ("v20.19.0\n", True),
        ("v20.18.3\n", False),
        ("v22.16.1\n", True),
        ("v22.15.0\n", False),
        ("v24.0.0\n", True),
        ("v26.1.0\n", True),
        ("v18.20.4\n", False),  # Debian 12
        ("v21.9.0\n", False),
        ("v23.1.0\n", False),
        ("", False),
        ("node: not found", False),
    ],
)
def test_node_is_taken_from_the_machine_where_it_is_new_enough(version: str, fits: bool) -> None:
    assert node.is_new_enough(version) is fits
    assert PACKAGE["engines"]["node"] == "^20.19.0 || ^22.16.0 || >=24.0.0"
