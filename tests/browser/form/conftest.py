"""The real form, in a real database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.form import scenes
from tests.browser.form.scenes import Form
from tests.support import pictures
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def form(databases: Databases, connection_values: dict[str, str]) -> Iterator[Form]:
    """Intake's form, served."""
    with scenes.opened(databases, connection_values["S3_URL"]) as served:
        yield served


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A photo, as a file."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(pictures.unlike_any(31))
    return path
