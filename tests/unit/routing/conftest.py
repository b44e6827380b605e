"""The small example town, to be changed."""

import shutil
from pathlib import Path

import pytest

from tests.unit.routing.town_folder import TOWNS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of its folder."""
    shutil.copytree(TOWNS / "exemple-sur-bievre", tmp_path / "town")
    return tmp_path / "town"
