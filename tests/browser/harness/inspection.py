"""Everything that a page of ours must hold, looked at in a real browser, from its address alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request

from tests.browser.harness import measures, tools
from tests.browser.harness.chromium import DESK, PHONE, opened

WIDTHS = (320, PHONE, 768, DESK)
_HEIGHT = 800
# 1,280 by 1,024 pixels, four times enlarged (WCAG 2.2, 1.4.10).
_ZOOMED = (320, 256)
_LEAST_CONTRAST, _LEAST_OF_MARKS = 4.5, 3.0
_LEAST_OUTLINE = 2  # pixels

Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Weight:
    """What a page costs its reader: bytes on the wire, and requests."""

    bytes: int
    requests: int


CITIZEN = Weight(60_000, 8)
"""What a page for citizens may cost, without a map."""


@dataclass(slots=True)
class Visit:
    """What the browser asked for when a page was opened and read to its end, and what it complained of."""

    asked: list[Request] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Begin to write down."""
        page.on("requestfinished", lambda request: self.asked.append(request))
        page.on("requestfailed", lambda request: self.said.append(f"{origin(request.url)} does not answer"))
        page.on("console", lambda message: self.said.append(f"the browser says: {message.text}"))

    def weight(self) -> Weight:
        """The sum of all answers."""
        sizes = [request.sizes() for request in self.asked]
        return Weight(sum(s["responseBodySize"] + s["responseHeadersSize"] for s in sizes), len(sizes))


@dataclass(frozen=True, slots=True)
class Inspection:
    """Looks at one page. `origins`: where else than at its own it may ask for something (photos).

    `status`: what it is to be answered with.
    """

    browser: Browser
    url: str
    most: Weight = CITIZEN
    origins: frozenset[str] = frozenset()
    status: int = 200

    def complaints(self) -> list[str]:
        """All that is wrong with it; nothing for a page that is as it should be."""
        visit = Visit()
        with opened(self.browser, "about:blank") as page:
            visit.listen(page)
            answer = page.goto(self.url, wait_until="networkidle")
            assert answer
            assert answer.status == self.status
            html, said = answer.text(), measures.words(page)
            page.mouse.wheel(0, 100_000)
            page.wait_for_load_state("networkidle")
            found = [*self._costly(visit), *self._talkative(visit), *tools.invalid({"page": html})]
            found += [f"{look.__name__}: {complaint}" for look in LOOKS for complaint in look(page)]
        return found + list(self._mute(said))

    def _costly(self, visit: Visit) -> Iterator[str]:
        weight = visit.weight()
        if weight.bytes > self.most.bytes or weight.requests > self.most.requests:
            yield f"{weight}, where {self.most} is the most"

    def _talkative(self, visit: Visit) -> Iterator[str]:
        ours = {origin(self.url), *self.origins}
        yield from (f"asks {url}" for url in {origin(r.url) for r in visit.asked} - ours)
        yield from (said for said in visit.said if not (self.status >= 400 and "Failed to load" in said))

    def _mute(self, expected: str) -> Iterator[str]:
        with opened(self.browser, self.url, java_script_enabled=False) as page:
            said = " ".join(page.locator("body").inner_text().split())
        if said != expected:
            yield f"says without a script: {said[:200]}"


def inaccessible(page: Page, rules: Sequence[str] = tools.ALL) -> Iterator[str]:
    """What axe finds, and what does not stand out, on light and on dark grounds."""
    schemes: tuple[tuple[Scheme, int], ...] = (("light", PHONE), ("dark", DESK))
    for scheme, width in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        _resize(page, width)
        yield from (f"{scheme}: {found}" for found in [*tools.axe(page, rules), *_faint(page)])
    page.emulate_media(color_scheme="null", reduced_motion="null")


def unreachable(page: Page) -> Iterator[str]:
    """What the keyboard reaches without showing it, or a finger misses."""
    _resize(page, PHONE)
    for focus in measures.walk(page):
        if focus.outline < _LEAST_OUTLINE or not focus.in_view:
            yield f"{focus.tag} “{focus.name}” has the focus and does not show it: {focus}"
        if not focus.large_enough:
            yield f"{focus.tag} “{focus.name}” is too small: {focus}"


def too_wide(page: Page) -> Iterator[str]:
    """Widths at which one scrolls sideways, and what is cut off at 400 % or in letters twice as large."""
    for width in WIDTHS:
        _resize(page, width)
        yield from _cramped(page, f"at {width}")
    _resize(page, *_ZOOMED)
    yield from _cramped(page, "at 400 %")
    _resize(page, PHONE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    yield from _cramped(page, "in letters twice as large")
    page.evaluate("document.documentElement.style.fontSize = ''")


def lost_in_forced_colours(page: Page) -> Iterator[str]:
    """What cannot be told from text when the reader's own colours replace ours."""
    page.emulate_media(forced_colors="active")
    yield from measures.unmarked(page)
    yield from _faint_marks(page)
    page.emulate_media(forced_colors="null")


def restless(page: Page) -> Iterator[str]:
    """What moves for a reader who wants nothing to move."""
    page.emulate_media(reduced_motion="reduce")
    yield from measures.moving(page)
    page.emulate_media(reduced_motion="null")


LOOKS = (inaccessible, unreachable, too_wide, lost_in_forced_colours, restless)


def origin(url: str) -> str:
    """The scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _resize(page: Page, width: int, height: int = _HEIGHT) -> None:
    page.set_viewport_size({"width": width, "height": height})


def _cramped(page: Page, when: str) -> Iterator[str]:
    if (wider := measures.overflow(page)) > 0:
        yield f"{wider} pixels too wide {when}"
    yield from (f"cut off {when}: {element}" for element in measures.cut_off(page))


def _faint(page: Page) -> Iterator[str]:
    for text, ratio in measures.contrasts(page).items():
        if ratio < _LEAST_CONTRAST:
            yield f"“{text[:60]}” is faint: {ratio:.2f}"
    yield from _faint_marks(page)


def _faint_marks(page: Page) -> Iterator[str]:
    ratios = measures.mark_contrasts(page)
    yield from (f"a mark is faint: {ratio:.1f}" for ratio in ratios if ratio < _LEAST_OF_MARKS)
