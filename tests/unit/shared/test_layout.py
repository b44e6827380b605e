"""Read one service and you know four: the same names of files; one that would be empty is not there."""

from __future__ import annotations

import ast

import pytest

from deploy.local.paths import ROOT
from shared.settings import SERVICES

EVERYWHERE = {"commands", "domain", "events", "inspection", "bus", "store"}
ROOMS = {
    "bus": {"consumers.py", "fields.py", "service.py"},
    "store": {"migrations", "queries.sql", "repository.py", "schema.sql"},
}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_files_that_all_have(service: str) -> None:
    here = ROOT / "services" / service
    assert EVERYWHERE - {file.name.removesuffix(".py") for file in here.iterdir()} == set()
    for room, files in ROOMS.items():
        assert files - {file.name for file in (here / room).iterdir()} == set()


@pytest.mark.parametrize("service", SERVICES)
def test_no_file_of_a_service_is_empty(service: str) -> None:
    files = [f for f in (ROOT / "services" / service).rglob("*.py") if f.name != "__init__.py"]
    empty = [file.name for file in files if len(ast.parse(file.read_text()).body) < 2]
    assert (files != [], empty) == (True, [])
