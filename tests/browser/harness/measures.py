"""What can be measured of a page, in the page itself."""

from __future__ import annotations

from dataclasses import dataclass
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
    if (!text || e.closest('.hidden, .skip, :disabled')) continue
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
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor, n = parse(c)
      if (n.length < 4 || n[3] === 1) return c
    }
    return 'rgb(255, 255, 255)'
  }
  const [a, b] = [light(getComputedStyle(e).stroke), light(behind(e))].sort((x, y) => y - x)
  return (a + 0.05) / (b + 0.05)
})"""

_FOCUSED = """() => {
  const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect()
  const label = e.labels?.length ? e.labels[0].innerText : e.getAttribute('aria-label') || ''
  const inline = s.display === 'inline' && e.closest('p, li, dd, td') !== null
  return {tag: e.tagName, name: e.innerText?.trim() || label || e.querySelector('img')?.alt || '',
          outline: s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth),
          width: b.width, height: b.height, inline,
          in_view: b.left >= 0 && b.right <= innerWidth + 1 && b.bottom > 0 && b.top < innerHeight}
}"""

_CUT = """() => [...document.querySelectorAll('body *')].filter(e => {
  const s = getComputedStyle(e)
  if (e.closest('.hidden, svg, .scroll') || s.display === 'inline') return false
  return (s.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1)
      || (s.overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 1)
}).map(e => e.outerHTML.slice(0, 120))"""

_MOVING = """() => [...document.querySelectorAll('*')].filter(e => {
  const s = getComputedStyle(e)
  const long = list => list.split(',').some(t => parseFloat(t) > 0.01)
  return long(s.transitionDuration) || (s.animationName !== 'none' && long(s.animationDuration))
}).map(e => e.outerHTML.slice(0, 120))"""

# In forced colours, grounds are gone: what can be pressed is told by its border or its underline.
_UNMARKED = """() => [...document.querySelectorAll('a[href], button, input, select, textarea')].filter(e => {
  const s = getComputedStyle(e)
  if (e.closest('.hidden, .skip') || e.querySelector('img')) return false
  const bordered = ['Top', 'Bottom'].every(side => parseFloat(s[`border${side}Width`]) >= 1
    && s[`border${side}Style`] !== 'none')
  return !bordered && !s.textDecorationLine.includes('underline')
    && !['radio', 'checkbox', 'hidden'].includes(e.type)
}).map(e => e.outerHTML.slice(0, 120))"""


_SAID = """() => {
  const offered = [...document.querySelectorAll('[data-script]:not([hidden])')]
  offered.forEach(e => { e.hidden = true })
  const said = document.body.innerText
  offered.forEach(e => { e.hidden = false })
  return said
}"""


@dataclass(frozen=True, slots=True)
class Focus:
    """What has the keyboard. `outline`: pixels of the ring around it; `inline`: a link within a sentence."""

    tag: str
    name: str
    outline: float
    width: float
    height: float
    inline: bool
    in_view: bool

    @property
    def large_enough(self) -> bool:
        """Whether a finger finds it (WCAG 2.2, 2.5.8)."""
        return self.inline or min(self.width, self.height) >= 24


def contrasts(page: Page) -> dict[str, float]:
    """Each text that can be seen, and its contrast."""
    found: list[tuple[str, float]] = page.evaluate(_CONTRASTS)
    assert found
    return dict(found)


def mark_contrasts(page: Page) -> list[float]:
    """The contrast of each mark with its ground."""
    found: list[float] = page.evaluate(_MARKS)
    return found


def headings(page: Page) -> list[int]:
    """The levels of the headings, in order."""
    found: list[int] = page.evaluate(
        "() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(e => Number(e.tagName[1]))"
    )
    return found


def focused(page: Page) -> Focus:
    """What has the keyboard now."""
    found: dict[str, Any] = page.evaluate(_FOCUSED)
    return Focus(**found)


def walk(page: Page, most: int = 200) -> list[Focus]:
    """Everything that the key Tab reaches, from the top of the page to its end."""
    reached: list[Focus] = []
    page.evaluate("() => document.activeElement?.blur()")
    for _ in range(most):
        page.keyboard.press("Tab")
        now = focused(page)
        if now.tag == "BODY":
            return reached
        reached.append(now)
    raise AssertionError(f"the keyboard is still not through after {most} steps")


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wider


def cut_off(page: Page) -> list[str]:
    """Elements that hide a part of what is in them."""
    found: list[str] = page.evaluate(_CUT)
    return found


def moving(page: Page) -> list[str]:
    """Elements that move or fade."""
    found: list[str] = page.evaluate(_MOVING)
    return found


def unmarked(page: Page) -> list[str]:
    """Links and controls that only their ground tells from text."""
    found: list[str] = page.evaluate(_UNMARKED)
    return found


def words(page: Page) -> str:
    """All that the page says, but for what only a script offers."""
    said: str = page.evaluate(_SAID)
    return " ".join(said.split())
