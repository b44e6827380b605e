"""What an author does on the pages of a report, with a finger and without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.harness.inspection import Inspection
from tests.browser.tracking.scenes import ACT_PAGES, Pages
from tests.support import pictures


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A telephone's browser that runs no script."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 700})
    yield context.new_page()
    context.close()


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def _state(page: Page) -> str:
    return page.locator("section.now h2").inner_text().splitlines()[-1].strip()


def test_words_and_a_photo_are_added(pages: Pages, plain: Page) -> None:
    plain.goto(pages.report("routed"))
    _go(plain, "Ajouter une précision")
    _press(plain, "Ajouter")
    expect(plain.get_by_role("alert")).to_contain_text("Écrivez quelque chose, ou ajoutez une photo.")
    plain.get_by_label("Votre précision").fill("Il est deux fois plus large.")
    photo = FilePayload(name="p.jpg", mimeType="image/jpeg", buffer=pictures.unlike_any(301))
    plain.get_by_label("Photos").set_input_files(photo)
    _press(plain, "Ajouter")
    assert _state(plain) == "Confié à un service"
    expect(plain.locator(".history")).to_contain_text("Il est deux fois plus large.")
    expect(plain.locator(".photos li")).to_have_count(1)


def test_what_is_withdrawn_says_why_and_is_over(pages: Pages, plain: Page) -> None:
    plain.goto(pages.report("routed"))
    _go(plain, "Retirer mon envoi")
    _press(plain, "Retirer mon envoi")
    expect(plain.get_by_role("alert")).to_contain_text("Dites pourquoi.")
    plain.get_by_label("Je me suis trompé").check()
    _press(plain, "Retirer mon envoi")
    assert _state(plain) == "Retiré"
    expect(plain.get_by_role("link", name="Retirer mon envoi")).to_have_count(0)


def test_who_is_not_satisfied_is_offered_to_reopen(pages: Pages, plain: Page) -> None:
    plain.goto(pages.report("done"))
    _press(plain, "Non")
    expect(plain.locator("h1")).to_have_text("Ce n’est pas réglé")
    _press(plain, "Rouvrir")
    expect(plain.get_by_role("alert")).to_contain_text("Écrivez ce qui ne va pas.")
    plain.get_by_label("Qu’est-ce qui ne va toujours pas").fill("Le trou est revenu.")
    _press(plain, "Rouvrir")
    assert _state(plain) == "Rouvert"
    expect(plain.locator("section.now")).to_contain_text("Le trou est revenu.")


def test_who_is_satisfied_is_asked_once(pages: Pages, plain: Page) -> None:
    plain.goto(pages.report("done"))
    _press(plain, "Oui")
    assert _state(plain) == "Traité"
    expect(plain.get_by_text("La réponse vous satisfait-elle")).to_have_count(0)
    expect(plain.get_by_role("link", name="Ce n’est pas réglé")).to_be_visible()


def test_english_stays_english(pages: Pages, plain: Page) -> None:
    plain.goto(pages.report("done") + "?lang=en")
    _press(plain, "No")
    expect(plain.locator("h1")).to_have_text("It is not settled")
    plain.get_by_label("What is still wrong?").fill("It is back.")
    _press(plain, "Reopen it")
    assert _state(plain) == "Reopened"


@pytest.mark.parametrize(("story", "path"), ACT_PAGES)
def test_showing_a_page_does_nothing_and_what_is_impossible_leads_back(
    pages: Pages, page: Page, story: str, path: str
) -> None:
    address = pages.report(story)
    page.goto(f"{address}/{path}")
    page.goto(address)
    before = _state(page)
    page.goto(address)
    assert _state(page) == before
    page.goto(f"{pages.report('withdrawn')}/{path}")
    assert _state(page) == "Retiré"


@pytest.mark.parametrize(("story", "path"), ACT_PAGES)
def test_page_of_an_act_holds_in_every_way(
    pages: Pages, inspect: Callable[..., Inspection], page: Page, story: str, path: str
) -> None:
    assert inspect(f"{pages.report(story)}/{path}").complaints() == []
    page.goto(f"{pages.report(story)}/{path}")
    page.locator("main form button").first.click()
    assert page.locator("[aria-invalid=true], [role=alert]").count() >= 1
