"""A page in a town's colours and in the reader's language, with a policy that admits nothing else."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from flask import Flask, request

from shared.branding import Branding
from shared.web import StaticFiles
from shared.web.pages import Pages, page_language

PAGES = Pages("tests.browser.gallery", StaticFiles("shared.web"), pictures="https://s3.example")
BOURG = Branding("Le Bourg", "#7a1f3d", (("legal", "https://bourg.example/mentions"),))


def _draw(branding: Branding | None, language: str = "fr") -> tuple[str, str]:
    """The HTML of a page, and its policy."""
    with Flask("test").app_context():
        page = PAGES.draw("page.html", "en" if language == "en" else "fr", branding)
    return page.get_data(as_text=True), page.headers["Content-Security-Policy"]


def test_policy_admits_the_towns_own_colours_and_no_other_style() -> None:
    html, policy = _draw(BOURG)
    [style] = re.findall(r"<style>(.*?)</style>", html)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in policy
    assert "--accent: #7a1f3d;" in style
    assert "unsafe" not in policy


@pytest.mark.parametrize("branding", [None, Branding("Gentilly")])
def test_page_without_a_colour_of_its_own_has_no_style(branding: Branding | None) -> None:
    html, policy = _draw(branding)
    assert "<style>" not in html
    assert "style-src 'self';" in policy


def test_pictures_come_from_here_and_from_the_store() -> None:
    assert "img-src 'self' https://s3.example;" in _draw(None)[1]


def test_page_leads_to_the_towns_own_pages() -> None:
    assert '<a href="https://bourg.example/mentions">Mentions légales</a>' in _draw(BOURG)[0]
    assert '<a href="https://bourg.example/mentions">Legal notice</a>' in _draw(BOURG, "en")[0]
    assert "<ul>" not in _draw(Branding("Gentilly"))[0]


@pytest.mark.parametrize(
    ("address", "known", "accepted", "language"),
    [
        ("/?lang=en", "fr", "fr", "en"),
        ("/?lang=fr", "en", "en", "fr"),
        ("/?lang=de", "en", "en", "fr"),
        ("/", "en", "fr", "en"),
        ("/", "fr", "en", "fr"),
        ("/", None, "en-GB, fr;q=0.5", "en"),
        ("/", None, "de", "fr"),
        ("/?lang=", None, "en", "en"),
    ],
)
def test_link_then_report_then_browser_say_the_language(
    address: str, known: str | None, accepted: str, language: str
) -> None:
    with Flask("test").test_request_context(address, headers={"Accept-Language": accepted}):
        assert page_language(request, known) == language
