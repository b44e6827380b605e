"""`make shots`: pictures of every part, page and mail, in `.local/shots`, for people to look at."""

from __future__ import annotations

import logging
from typing import Any

from playwright.sync_api import Browser, Page

from deploy.local import connections, paths, say
from shared.l10n import LANGUAGES
from tests.browser.form import scenes as forms
from tests.browser.gallery.pages import TOWNS, gallery
from tests.browser.harness.chromium import DESK, PHONE, chromium, opened
from tests.browser.harness.serving import served
from tests.browser.mails.written import MAILS, mail
from tests.browser.tracking import scenes
from tests.support import pictures
from tests.support.databases import Databases

FOLDER = paths.LOCAL / "shots"
# Name → width, and how the reader has set the browser.
_WAYS: dict[str, tuple[int, dict[str, Any]]] = {
    "360": (PHONE, {}),
    "1280": (DESK, {}),
    "1280-dark": (DESK, {"color_scheme": "dark"}),
    "1280-forced": (DESK, {"color_scheme": "dark", "forced_colors": "active"}),
}
_PLAIN = ("360", "1280", "1280-dark")  # of a page that is looked at again: what was forced once stays
_HEIGHT = 800


def main() -> None:
    """Take all pictures anew."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with chromium() as browser:
        for name, take in (("parts", _parts), ("pages", _pages), ("form", _form), ("mails", _mails)):
            with say.step(f"pictures of {name}"):
                take(browser)
    say.line(f"{len(list(FOLDER.glob('*.png')))} pictures are in {FOLDER.relative_to(paths.ROOT)}")


def _parts(browser: Browser) -> None:
    with served(gallery()) as base:
        for town in TOWNS:
            for language in LANGUAGES:
                _take(browser, f"parts-{town}-{language}", f"{base}/{town}?lang={language}")


def _pages(browser: Browser) -> None:
    values = connections.read(paths.CONNECTIONS)
    databases = Databases(values)
    with scenes.opened(databases, values["S3_URL"]) as pages:
        for story in scenes.STORIES:
            url = pages.report(story, [pictures.unlike_any(list(scenes.STORIES).index(story))])
            pages.store_photos()
            _take(browser, f"page-{story}", url)
        for story, path in scenes.ACT_PAGES:
            _take(browser, f"page-{path}", f"{pages.report(story)}/{path}")
            with opened(browser, f"{pages.report(story)}/{path}") as page:
                page.locator("main form button").first.click()
                _each_way(page, f"page-{path}-wrong", _PLAIN)
        _take(browser, "page-english", pages.report("planned", language="en"))
        _take(browser, "page-early", pages.early())
        _take(browser, "page-unknown", f"{pages.base}/suivi/x")
    databases.close()


def _form(browser: Browser) -> None:
    values = connections.read(paths.CONNECTIONS)
    databases = Databases(values)
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": pictures.unlike_any(9)}
    with forms.opened(databases, values["S3_URL"]) as form, opened(browser, form.start) as page:
        for name in forms.every_page(form, page, photo):
            page.wait_for_load_state("networkidle")
            _each_way(page, f"form-{name}", _PLAIN)
    databases.close()


def _mails(browser: Browser) -> None:
    with opened(browser, "about:blank") as page:
        for name in MAILS:
            page.set_content(mail(name, "fr"))
            _each_way(page, f"mail-{name}", _PLAIN)


def _take(browser: Browser, name: str, url: str) -> None:
    with opened(browser, url) as page:
        page.wait_for_load_state("networkidle")
        _each_way(page, name, tuple(_WAYS))


def _each_way(page: Page, name: str, ways: tuple[str, ...]) -> None:
    for way in ways:
        width, media = _WAYS[way]
        page.set_viewport_size({"width": width, "height": _HEIGHT})
        page.emulate_media(**{"color_scheme": "light", "forced_colors": "none", **media})
        page.screenshot(path=FOLDER / f"{name}-{way}.png", full_page=True)


if __name__ == "__main__":
    main()
