"""Which texts of a page stand where the browser finds out by itself in which direction they are read."""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = {"meta", "link", "img", "br", "input", "path", "circle", "rect"}


class _Texts(HTMLParser):
    """Collects every text outside the head, and whether an element around it has `dir="auto"`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, bool]] = []
        self._around: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._around.append((tag, ("dir", "auto") in attrs))

    def handle_endtag(self, tag: str) -> None:
        while self._around and self._around.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(tag in ("head", "style") for tag, _ in self._around):
            self.found.append((data, any(is_auto for _, is_auto in self._around)))


def unmarked(html: str, written: str) -> list[str]:
    """Where `written`, a person's own words, stands without `dir="auto"`; it must stand somewhere."""
    texts = _Texts()
    texts.feed(html)
    shown = [(text, is_auto) for text, is_auto in texts.found if written in text]
    assert shown, f"{written} is not shown"
    return [text for text, is_auto in shown if not is_auto]
