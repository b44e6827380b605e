"""The harness finds what is wrong: a page for each fault, and one without any."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response

from tests.browser.harness.inspection import Inspection, Weight
from tests.browser.harness.serving import served

SOUND = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="icon" href="data:,">
  <title>Sound</title>
  <style>
    body { font: 1rem sans-serif; color: #222; background: #fff }
    a { display: inline-block; padding: 1rem; color: #0b5563 }
    a:focus { outline: 3px solid }
  </style>
</head>
<body><main><h1>Sound</h1><p>Words. <a href="#">A link</a></p>HERE</main></body>
</html>
"""
# What is added to the page → what is said of it.
FAULTS = {
    '<img src="/a.png" width="10" height="10">': "image-alt",
    "<p><div>In a paragraph</div></p>": "close-order",
    '<p style="color: #bbb">Faint</p>': "is faint",
    '<p style="width: 900px">Wide</p>': "pixels too wide at 360",
    '<p><a href="#" style="outline: none">Unseen</a></p>': "does not show it",
    '<a href="#" style="padding: 0; font-size: 8px; display: block">Small</a>': "is too small",
    '<p><a href="#" style="text-decoration: none; background: #ddd">Button</a></p>': "lost_in_forced_colours",
    '<p style="transition: color 2s">Restless</p>': "restless",
    '<p style="height: 20px; overflow: hidden">Cut<br>off<br>here</p>': "cut off at 400 %",
    "<script>document.write('<p>Only with a script</p>')</script>": "says without a script",
    '<img src="http://127.0.0.2:9/a.png" alt="" width="1" height="1">': "does not answer",
    "<!--" + "x" * 70_000 + "-->": "is the most",
    '<script>console.warn("odd")</script>': "the browser says: odd",
}


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """Pages with one fault each, by number; the last has none."""
    app, pages = Flask("faulty"), [*FAULTS, ""]

    @app.get("/<int:number>")
    def show(number: int) -> Response:
        return Response(SOUND.replace("HERE", pages[number]), content_type="text/html; charset=utf-8")

    @app.get("/a.png")
    def picture() -> Response:
        return Response(b"", content_type="image/png")

    with served(app) as url:
        yield url


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_found(base: str, inspect: Callable[..., Inspection], fault: str) -> None:
    found = inspect(f"{base}/{list(FAULTS).index(fault)}").complaints()
    assert any(FAULTS[fault] in complaint for complaint in found), found


def test_nothing_is_said_of_a_page_without_fault(base: str, inspect: Callable[..., Inspection]) -> None:
    assert inspect(f"{base}/{len(FAULTS)}").complaints() == []


def test_what_may_be_asked_and_weigh_is_the_pages_own_affair(
    base: str, inspect: Callable[..., Inspection]
) -> None:
    heavy = list(FAULTS).index(next(fault for fault in FAULTS if fault.startswith("<!--")))
    assert inspect(f"{base}/{heavy}", most=Weight(250_000, 8)).complaints() == []
