"""What can be measured of a page's accessibility, in the page itself."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

# Text → its contrast with what is behind it (WCAG 2.2, 1.4.3), for each text that can be seen.
_CONTRASTS = """() => {
  const parse = c => { const n = c.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n }
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0)
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor)
      if (c[3] === 1) return c
    }
    return [255, 255, 255, 1]
  }
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), e = walker.currentNode.parentElement
    if (!text || e.closest('.hidden, .skip')) continue
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x)
    found.push([text, (a + 0.05) / (b + 0.05)])
  }
  return found
}"""

# Marks are not text: they need 3:1 with what is behind them (1.4.11).
_MARKS = """() => [...document.querySelectorAll('.mark')].map(e => {
  const parse = c => c.match(/[\\d.]+/g).map(Number)
  const light = c => parse(c).slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0)
  const style = getComputedStyle(e)
  const [a, b] = [light(style.stroke), light(style.backgroundColor)].sort((x, y) => y - x)
  return (a + 0.05) / (b + 0.05)
})"""


def contrasts(page: Page) -> dict[str, float]:
    """Each text that can be seen, and its contrast."""
    found: list[tuple[str, float]] = page.evaluate(_CONTRASTS)
    assert found
    return dict(found)


def mark_contrasts(page: Page) -> list[float]:
    """The contrast of each mark with its ground."""
    found: list[float] = page.evaluate(_MARKS)
    assert found
    return found


def headings(page: Page) -> list[int]:
    """The levels of the headings, in order."""
    found: list[int] = page.evaluate(
        "() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(e => Number(e.tagName[1]))"
    )
    return found


def focused(page: Page) -> dict[str, Any]:
    """What has the keyboard: its words, whether one sees that it has it, and how large it is."""
    found: dict[str, Any] = page.evaluate(
        """() => {
          const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect()
          return {tag: e.tagName, name: e.innerText.trim() || e.querySelector('img')?.alt || '',
                  outline: parseFloat(s.outlineWidth), width: b.width, height: b.height,
                  inView: b.left >= 0 && b.right <= innerWidth && b.bottom > 0}
        }"""
    )
    return found


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wider
