"""Analytics on a database of its own, taking messages as it does in service."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from .counter import Counter


@pytest.fixture
def counter(database: Callable[[str], str]) -> Iterator[Counter]:
    """Analytics with nothing counted yet."""
    made = Counter(database("analytics"))
    yield made
    made.close()


@pytest.fixture
def url(counter: Counter) -> str:
    """The address of its database."""
    return counter.url
