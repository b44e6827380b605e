"""What tests of intake's use cases stand on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from shared import towns
from tests.contract.examples import example


@pytest.fixture
def conn(database: Callable[[str], str]) -> Iterator[psycopg.Connection]:
    """A database of intake that knows the town of the contract's example."""
    with psycopg.connect(database("intake"), autocommit=True) as own:
        towns.keep(own, "gentilly", example("town.configured.v1").data)
        yield own
