"""The tracking page in a real browser: what it says, and that everybody can read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.browser.harness import measures
from tests.browser.harness.inspection import Inspection
from tests.browser.tracking.scenes import LONG, STORIES, Pages
from tests.support import pictures


def _heading(page: Page) -> str:
    return page.locator("section.now h2").inner_text().splitlines()[-1].strip()


class TestWords:
    @pytest.mark.parametrize(
        ("story", "state", "facts"),
        [
            ("received", "Reçu", []),
            ("triaged", "À l’étude", ["La mairie cherche qui doit intervenir."]),
            ("routed", "Confié à un service", ["Voirie", "À traiter au plus tard le"]),
            ("forwarded", "Transmis", ["RATP", "organisme compétent"]),
            (
                "planned",
                "Intervention prévue",
                ["Voirie", "mardi 1er décembre 2026", "Si le temps le permet."],
            ),
            ("late", "Confié à un service", ["délai dépassé"]),
            ("done", "Traité", ["Voirie", "Merci de votre aide."]),
            ("withdrawn", "Retiré", ["Vous l’avez retiré", "Un voisin l’a rebouché."]),
            ("reopened", "Rouvert", ["Voirie", "Le trou est revenu après la pluie."]),
            ("declined", "Ne relève pas de la ville", ["Voie privée."]),
        ],
    )
    def test_state_is_said_in_words(
        self, pages: Pages, page: Page, story: str, state: str, facts: list[str]
    ) -> None:
        page.goto(pages.report(story))
        assert _heading(page) == state
        assert page.title().startswith(f"{state} – GEN-7K3M-")
        for fact in facts:
            expect(page.locator("section.now")).to_contain_text(fact)
        if story in ("done", "declined", "received"):
            expect(page.locator("section.now")).not_to_contain_text("À traiter au plus tard le")

    def test_history_is_told_from_the_beginning(self, pages: Pages, page: Page) -> None:
        page.goto(pages.report("done"))
        told = page.locator(".history h3").all_inner_texts()
        assert told == ["Reçu", "Confié à un service", "Pris en compte", "Traité"]
        assert page.locator(".history time").first.inner_text() == "20 novembre 2026 à 10\u00a0h\u00a005"
        assert page.locator(".history time").first.get_attribute("datetime") == "2026-11-20T09:05+00:00"

    def test_what_was_sent_is_shown_and_nobody_is_named(self, pages: Pages, page: Page) -> None:
        page.goto(pages.report("routed"))
        sent = page.locator("section", has_text="Ce que vous avez envoyé").last
        for words in ("Nid-de-poule", "12 rue Charles-Frérot", "Un cycliste est tombé ce matin."):
            expect(sent).to_contain_text(words)
        assert "@" not in page.content()
        assert "front-web" not in page.content()

    def test_place_without_an_address_is_shown_by_its_coordinates(self, pages: Pages, page: Page) -> None:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(pages.report("routed", address=None))
        link = page.get_by_role("link", name="48,8130° N, 2,3420° E")
        assert link.get_attribute("href") == "geo:48.813000,2.342000"
        assert {urlsplit(url).netloc for url in asked} == {urlsplit(pages.base).netloc}

    def test_english_is_one_link_away_and_back(self, pages: Pages, page: Page) -> None:
        page.goto(pages.report("planned"))
        assert page.get_attribute("html", "lang") == "fr"
        page.get_by_role("link", name="English").click()
        assert page.get_attribute("html", "lang") == "en"
        expect(page.locator("section.now")).to_contain_text("Work is planned")
        expect(page.locator("section.now")).to_contain_text("Tuesday 1 December 2026")
        expect(page.locator("body")).to_contain_text("Pothole")
        page.get_by_role("link", name="Français").click()
        assert _heading(page) == "Intervention prévue"

    def test_place_opens_on_any_map_once_somebody_presses(self, pages: Pages, page: Page) -> None:
        page.goto(pages.report("routed"))
        link = page.get_by_role("link", name="Voir sur OpenStreetMap")
        at = "mlat=48.81300&mlon=2.34200#map=18/48.81300/2.34200"
        assert link.get_attribute("href") == f"https://www.openstreetmap.org/?{at}"
        assert "noreferrer" in (link.get_attribute("rel") or "")

    def test_page_says_why_the_department_has_it(self, pages: Pages, page: Page) -> None:
        page.goto(pages.report("routed"))
        expect(page.locator("section.now")).to_contain_text(
            "parce que la rubrique est «\u00a0Nid-de-poule\u00a0»."
        )

    def test_town_s_target_is_no_promise_of_another_body(self, pages: Pages, page: Page) -> None:
        page.goto(pages.report("forwarded"))
        expect(page.locator("main")).not_to_contain_text("À traiter au plus tard le")
        expect(page.locator("main")).not_to_contain_text("délai")
        assert page.locator(".history h3").all_inner_texts() == ["Reçu", "Transmis"]

    def test_line_says_how_far_it_is(self, pages: Pages, page: Page) -> None:
        page.goto(pages.report("planned"))
        assert page.locator(".steps [aria-current=step]").inner_text() == "Intervention prévue"
        assert page.locator(".steps .ahead").all_text_contents() == ["Traité, à venir"]

    def test_author_who_wrote_in_english_gets_an_english_page(self, pages: Pages, page: Page) -> None:
        url = pages.report("routed", language="en")
        page.goto(url)
        assert page.get_attribute("html", "lang") == "en"
        page.goto(f"{url}?lang=fr")
        assert page.get_attribute("html", "lang") == "fr"

    @pytest.mark.parametrize("text", ["حفرة أمام المدرسة", "בור ליד בית הספר", "سقط راكب دراجة في الحفرة"])
    def test_what_is_read_from_right_to_left_stands_so(self, pages: Pages, page: Page, text: str) -> None:
        page.goto(pages.report("routed", description=text, address=text))
        for place in (page.locator(".description"), page.locator("dd", has_text=text)):
            assert place.evaluate("e => getComputedStyle(e).direction") == "rtl"

    def test_what_a_citizen_wrote_stays_text(self, pages: Pages, page: Page) -> None:
        evil = "<script>document.title='taken'</script><img src=x onerror=alert(1)> {{ 7*7 }} & <b>bold</b>"
        page.goto(pages.report("routed", description=evil, address=evil))
        assert page.locator(".description").inner_text() == evil
        assert page.locator("script, img, main b").count() == 0
        assert "taken" not in page.title()

    @pytest.mark.parametrize("path", ["/suivi/x", "/suivi/WyJnZW50aWxseSIsInIiXQ.AAAA", "/nowhere"])
    def test_link_that_leads_nowhere_says_what_to_do(self, pages: Pages, page: Page, path: str) -> None:
        response = page.goto(pages.base + path)
        assert response
        assert response.status == 404
        assert page.locator("h1").inner_text() == "Cette page n’existe pas"
        expect(page.locator("main")).to_contain_text("copiez-la en entier")


class TestPhotos:
    def test_stored_photos_are_seen_and_open_in_full(self, pages: Pages, page: Page) -> None:
        url = pages.report("routed", [pictures.turned(6), pictures.encode(pictures.scene(900, 700), "PNG")])
        page.goto(url)
        expect(page.locator(".photos")).to_contain_text("Photo 1 bientôt visible")
        pages.store_photos()
        page.reload()
        images = page.locator(".photos img")
        expect(images).to_have_count(2)
        for image in images.all():
            image.scroll_into_view_if_needed()
            assert image.get_attribute("alt")
            page.wait_for_function("e => e.complete && e.naturalWidth > 0", arg=image.element_handle())
        with page.expect_navigation():
            images.first.click()
        assert urlsplit(page.url).path.endswith(".jpg")


class TestEverybody:
    @pytest.mark.parametrize("story", STORIES)
    def test_headings_and_landmarks_are_in_order(self, pages: Pages, page: Page, story: str) -> None:
        page.goto(pages.report(story))
        levels = measures.headings(page)
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        for landmark in ("banner", "main", "contentinfo", "navigation"):
            expect(page.get_by_role(landmark)).to_have_count(1)

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("story", STORIES)
    def test_all_text_stands_out(
        self, pages: Pages, browser: Browser, story: str, scheme: Literal["light", "dark"]
    ) -> None:
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(pages.report(story))
        faint = {text: ratio for text, ratio in measures.contrasts(page).items() if ratio < 4.5}
        assert faint == {}
        assert min(measures.mark_contrasts(page)) >= 3
        context.close()

    def test_state_is_never_said_by_colour_alone(self, pages: Pages, page: Page) -> None:
        shapes = {}
        for story in ("received", "routed", "planned", "done", "declined"):
            page.goto(pages.report(story))
            shapes[story] = page.locator("section.now .mark").inner_html()
            assert _heading(page)
        assert len(set(shapes.values())) == len(shapes)

    def test_keyboard_reaches_everything_and_shows_where_it_is(self, pages: Pages, page: Page) -> None:
        url = pages.report("routed", [pictures.unlike_any(77)])
        pages.store_photos()
        page.goto(url)
        reached = []
        for _ in range(5):
            page.keyboard.press("Tab")
            now = measures.focused(page)
            reached.append(now.name)
            assert now.outline >= 2
            assert now.in_view
            assert min(now.width, now.height) >= 24  # WCAG 2.2, 2.5.8
        acts = ["Ajouter une précision", "Retirer mon envoi"]
        assert reached == ["Aller au contenu", "English", *acts, "Photo 1 sur 1, ouvrir en grand"]

    def test_one_can_go_past_the_top(self, pages: Pages, page: Page) -> None:
        page.goto(pages.report("routed"))
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert measures.focused(page).tag == "MAIN"

    @pytest.mark.parametrize("width", [320, 360, 800, 1280])
    def test_nothing_is_wider_than_the_window(self, pages: Pages, page: Page, width: int) -> None:
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(pages.report("declined", description="A" * 400 + " " + LONG, address="B" * 200))
        assert measures.overflow(page) <= 0

    def test_text_may_be_twice_as_large(self, pages: Pages, page: Page) -> None:
        page.goto(pages.report("planned"))
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert measures.overflow(page) <= 0


class TestWhole:
    @pytest.mark.parametrize("story", STORIES)
    def test_page_holds_in_every_way(
        self, pages: Pages, inspect: Callable[..., Inspection], story: str
    ) -> None:
        url = pages.report(story, [pictures.unlike_any(100 + list(STORIES).index(story))])
        pages.store_photos()
        assert inspect(url, origins=pages.origins).complaints() == []

    def test_page_for_a_broken_link_holds_too(self, pages: Pages, inspect: Callable[..., Inspection]) -> None:
        assert inspect(f"{pages.base}/suivi/x", status=404).complaints() == []
        assert inspect(pages.early()).complaints() == []


class TestAlone:
    def test_page_asks_nobody_else_for_anything_and_complains_of_nothing(
        self, pages: Pages, page: Page
    ) -> None:
        asked: list[Request] = []
        said: list[ConsoleMessage] = []
        page.on("request", lambda request: asked.append(request))
        page.on("console", lambda message: said.append(message))
        url = pages.report("planned", [pictures.unlike_any(78)])
        pages.store_photos()
        page.goto(url, wait_until="networkidle")
        page.locator(".photos").scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        ours = {urlsplit(pages.base).netloc, urlsplit(pages.settings.store().public_origin).netloc}
        assert {urlsplit(request.url).netloc for request in asked} == ours
        assert [message.text for message in said] == []
        assert not any(request.resource_type == "script" for request in asked)

    def test_page_needs_no_script_and_keeps_nothing(self, pages: Pages, browser: Browser) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        response = page.goto(pages.report("done"))
        assert response
        assert _heading(page) == "Traité"
        assert context.cookies() == []
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in response.headers["x-robots-tag"]
        assert not re.search(r"unsafe|\*|https?://(?!127)", response.headers["content-security-policy"])
        context.close()
