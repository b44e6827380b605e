"""Each part of the design system, in each state, in both languages and in two towns' colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from shared.l10n import LANGUAGES
from tests.browser.gallery.pages import TOWNS, gallery
from tests.browser.harness.inspection import Inspection
from tests.browser.harness.serving import served


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The gallery's address."""
    with served(gallery()) as url:
        yield url


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("town", TOWNS)
def test_every_part_holds(base: str, inspect: Callable[..., Inspection], town: str, language: str) -> None:
    assert inspect(f"{base}/{town}?lang={language}").complaints() == []


def test_town_has_its_own_colour(base: str, page: Page) -> None:
    colours = {}
    for town in TOWNS:
        page.goto(f"{base}/{town}")
        colours[town] = page.evaluate("getComputedStyle(document.querySelector('button')).backgroundColor")
    assert colours == {"gentilly": "rgb(11, 85, 99)", "bourg": "rgb(122, 31, 61)"}


def test_errors_have_the_focus_when_the_page_opens(base: str, page: Page) -> None:
    page.goto(f"{base}/gentilly")
    assert page.evaluate("document.activeElement.id") == "erreurs"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#wrong-email"
