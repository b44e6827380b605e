"""Debian's Chromium, without a window."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

EXECUTABLE = "/usr/bin/chromium"
FONTS = Path(__file__).parents[1] / "fonts.conf"
PHONE, DESK = 360, 1280
"""Widths in CSS pixels."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, closed in the end."""
    with sync_playwright() as playwright:
        environment: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(FONTS)}
        browser = playwright.chromium.launch(
            executable_path=EXECUTABLE, args=["--no-sandbox"], env=environment
        )
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, url: str, width: int = PHONE, **options: Any) -> Iterator[Page]:
    """The page at `url` in a window of `width`, which knows nothing of others. `options`: of a context."""
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="fr-FR", **options)
    page = context.new_page()
    page.goto(url)
    yield page
    context.close()
