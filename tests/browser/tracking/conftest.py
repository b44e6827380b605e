"""A real browser, and the real pages in a real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from shared import db
from tests.browser.tracking import scenes
from tests.browser.tracking.scenes import Pages
from tests.support import names
from tests.support.databases import Databases
from tests.support.ground import Bucket

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def pages(databases: Databases, connection_values: dict[str, str]) -> Iterator[Pages]:
    """Intake's pages, served."""
    bucket = Bucket(connection_values["S3_URL"], names.unique())
    url = databases.create("intake")
    pool = db.open_pool(url, "tests", size=4)
    with scenes.serve(pool, bucket.url) as served:
        yield served
    pool.close()
    databases.drop(url)
    bucket.remove()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page as on a small telephone, which knows nothing of other tests."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="fr-FR")
    yield context.new_page()
    context.close()
