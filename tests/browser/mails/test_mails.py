"""Every mail in a real browser: valid, legible by day and by night, on a telephone and on a desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from shared.l10n import LANGUAGES
from tests.browser.harness import inspection, tools
from tests.browser.harness.chromium import opened
from tests.browser.mails.written import MAILS, mail


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_is_valid(language: str) -> None:
    documents = {name: mail(name, language) for name in MAILS}
    assert tools.invalid(documents, "html-validate-mails.json") == []


@pytest.mark.parametrize("name", MAILS)
def test_everybody_can_read_it(browser: Browser, name: str) -> None:
    with opened(browser, "about:blank") as page:
        page.set_content(mail(name, "fr"))
        found = [*inspection.inaccessible(page, tools.WCAG), *inspection.too_wide(page)]
    assert found == []
