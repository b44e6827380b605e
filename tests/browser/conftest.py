"""A real browser, and what looks at a page in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.harness.chromium import PHONE, chromium
from tests.browser.harness.inspection import CITIZEN, Inspection, Weight


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page as on a small telephone, which knows nothing of other tests."""
    context = browser.new_context(viewport={"width": PHONE, "height": 740}, locale="fr-FR")
    yield context.new_page()
    context.close()


@pytest.fixture
def inspect(browser: Browser) -> Callable[..., Inspection]:
    """`inspect(url)`: the page as an Inspection, whose `complaints()` are to be none."""

    def look(
        url: str, most: Weight = CITIZEN, origins: frozenset[str] = frozenset(), status: int = 200
    ) -> Inspection:
        return Inspection(browser, url, most, origins, status)

    return look
