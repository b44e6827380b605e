"""The real pages, in a real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.tracking import scenes
from tests.browser.tracking.scenes import Pages
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def pages(databases: Databases, connection_values: dict[str, str]) -> Iterator[Pages]:
    """Intake's pages, served."""
    with scenes.opened(databases, connection_values["S3_URL"]) as served:
        yield served
