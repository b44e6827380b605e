"""The golden examples, as the tests use them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import shared.contracts
from shared.contracts.envelope import Event, decode

FOLDER = Path(shared.contracts.__path__[0]) / "examples"
PATHS = sorted(FOLDER.glob("*/*.json"))
NAMES = [str(path.relative_to(FOLDER).with_suffix("")) for path in PATHS]

each_example = pytest.mark.parametrize("path", PATHS, ids=NAMES)


def event(path: Path) -> Event:
    """The example as a service would take it."""
    return decode(path.read_bytes())


def example(type_: str, name: str = "full") -> Event:
    """One example by name."""
    return event(FOLDER / type_ / f"{name}.json")


def document(path: Path) -> dict[str, Any]:
    """The example as plain JSON."""
    loaded: dict[str, Any] = json.loads(path.read_bytes())
    return loaded


def objects(value: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in `value` that has named fields, with its JSON pointer; free maps (`answers`) are not."""
    if isinstance(value, dict):
        if not pointer.endswith("/answers"):
            yield pointer, value
        for name, item in value.items():
            yield from objects(item, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from objects(item, f"{pointer}/{index}")
