"""The town's own form in a real browser: five steps, and what is told in the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from shared import ids
from tests.browser.form.scenes import WORDS, Form, confirm, go_on, say_what, say_where, say_who, send
from tests.browser.harness import tools
from tests.browser.harness.inspection import inaccessible
from tests.support import pictures


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def either(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page as on a small telephone, with and without JavaScript."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="fr-FR", java_script_enabled=request.param
    )
    yield context.new_page()
    context.close()


def _complaints(page: Page) -> list[str]:
    """What is wrong with a page that no address leads to."""
    return [*inaccessible(page), *tools.invalid({"page": page.content()})]


def test_a_report_is_sent_in_five_steps_confirmed_and_followed(
    form: Form, either: Page, picture: Path
) -> None:
    page = either
    page.goto(f"{form.base}/gentilly/")
    page.get_by_role("link", name="Commencer").click()
    page.get_by_label("En quelques mots").fill(WORDS)
    page.get_by_label("Photos").set_input_files(picture)
    go_on(page)
    expect(page.locator(".card").first).to_contain_text("à cause de « matelas », « chaise »")
    page.get_by_label("Meubles et encombrants abandonnés").check()
    go_on(page)
    say_where(page)
    expect(page.get_by_label("Description")).to_have_value(WORDS)
    go_on(page)
    say_who(page, f"{ids.random_id()}@example.org")
    expect(page.locator(".summary")).to_contain_text("12 rue Charles-Frérot")
    told = len(form.reports())
    send(page)
    expect(page.locator("h1")).to_have_text("Regardez votre boîte aux lettres")
    assert len(form.reports()) == told

    page.goto(form.links.confirmation("gentilly", form.kept()[-1]["id"]))
    assert len(form.reports()) == told
    page.get_by_role("button", name="Confirmer et envoyer").click()

    sent = form.reports()[told]
    assert (sent["category"], sent["description"], sent["address"]) == (
        "proprete/encombrants",
        WORDS,
        "12 rue Charles-Frérot",
    )
    assert len(sent["photos"]) == 1
    expect(page.locator(".reference")).to_contain_text(sent["reference"])


def test_whoever_has_confirmed_before_is_told_at_once_who_has_it(form: Form, page: Page) -> None:
    for number in range(2):
        say_what(page, form)
        say_where(page)
        go_on(page)
        say_who(page, "known@example.org")
        send(page)
        if number == 0:
            confirm(page, form)
    expect(page.locator("h1")).to_have_text("Merci !")
    sent = form.reports()[-1]
    expect(page.locator("main")).to_contain_text(sent["reference"])
    form.route(sent["id"])
    page.reload()
    for words in ("Propreté", "Parce que la rubrique est", "jeudi 31 décembre 2026"):
        expect(page.locator("main")).to_contain_text(words)
    page.get_by_role("link", name="Suivre").click()
    expect(page.locator("#etat")).to_contain_text("Confié à un service")


def test_pressing_twice_is_one_report(form: Form, page: Page) -> None:
    say_what(page, form)
    say_where(page)
    go_on(page)
    say_who(page, "twice@example.org")
    before = len(form.kept())
    send(page)
    became = page.url
    for address in (f"{became}/envoi", f"{became}/quoi"):
        seen = page.request.get(address, max_redirects=0)
        assert (seen.status, seen.headers["location"]) == (303, became.removeprefix(form.base))
    again = page.request.post(f"{became}/envoi", multipart={"x": "y"}, max_redirects=0)
    assert (again.status, again.headers["location"]) == (303, became.removeprefix(form.base))
    assert len(form.kept()) == before + 1


def test_back_keeps_everything_and_the_other_language_too(form: Form, page: Page) -> None:
    say_what(page, form)
    say_where(page)
    page.get_by_label("Description").fill("Depuis hier soir.")
    go_on(page)
    for label, value in (
        ("Description", "Depuis hier soir."),
        ("Adresse ou repère", "12 rue Charles-Frérot"),
    ):
        page.get_by_role("link", name="Retour").click()
        expect(page.get_by_label(label)).to_have_value(value)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_label("Address or landmark")).to_have_value("12 rue Charles-Frérot")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.locator("h1")).to_have_text("Who are you?")


def test_what_is_missing_is_said_at_the_field_and_at_the_top(form: Form, page: Page) -> None:
    page.goto(form.start)
    go_on(page)
    assert page.locator(".tree summary").count() > 10
    expect(page.locator("#erreurs")).to_contain_text("Choisissez de quoi il s’agit.")
    assert _complaints(page) == []
    say_what(page, form)
    go_on(page)
    expect(page.locator("#address-error")).to_contain_text("cochez qu’il n’y a pas de lieu précis")
    assert _complaints(page) == []
    page.get_by_label("Il n’y a pas de lieu précis").check()
    go_on(page)
    page.get_by_label("Description").fill(" ")
    go_on(page)
    expect(page.locator("#description-error")).to_contain_text("Décrivez ce que vous voyez.")
    page.get_by_label("Description").fill("Un matelas")
    go_on(page)
    page.get_by_label("Adresse électronique", exact=True).fill("ada@example")
    go_on(page)
    assert page.title().startswith("Erreur")
    expect(page.locator("#email-error")).to_contain_text("nom@exemple.fr")
    expect(page.get_by_label("Adresse électronique", exact=True)).to_have_value("ada@example")
    assert _complaints(page) == []


def test_a_step_cannot_be_jumped_over(form: Form, page: Page) -> None:
    say_what(page, form)
    draft = page.url.rpartition("/")[0]
    page.goto(f"{draft}/envoi")
    assert page.url == f"{draft}/lieu"
    page.goto(draft)
    assert page.url == f"{draft}/lieu"


def test_photos_are_four_at_the_most_shown_at_once_and_may_be_taken_back(
    form: Form, page: Page, tmp_path: Path
) -> None:
    files = [tmp_path / f"{n}.png" for n in range(5)]
    for n, path in enumerate(files):
        path.write_bytes(pictures.unlike_any(40 + n, "PNG"))
    page.goto(form.start)
    page.get_by_label("Photos").set_input_files(files)
    go_on(page)
    expect(page.locator("#erreurs, .error").first).to_contain_text("Quatre photos au plus.")
    images = page.locator(".photos img")
    assert images.count() == 4
    assert images.evaluate_all("all => all.every(image => image.complete && image.naturalWidth > 0)")
    page.get_by_role("button", name="Retirer").first.click()
    assert images.count() == 3
    page.get_by_label("Une autre photo").set_input_files(
        {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no"}
    )
    page.get_by_role("button", name="Ajouter la photo").click()
    expect(page.locator("#photo-error")).to_contain_text(
        "Seules les photos JPEG, PNG et WebP sont acceptées."
    )
    assert images.count() == 3
    assert _complaints(page) == []


def test_a_draft_is_nobody_else_s_and_nobody_keeps_it(form: Form, page: Page) -> None:
    say_what(page, form)
    address = page.url
    answer = page.request.get(address)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert page.context.cookies() == []
    other = address.replace("/gentilly/", "/exemple/")
    draft = address.rpartition("/")[0].rpartition("/")[2]
    for wrong in (other, address.replace(draft, "x"), address.replace(draft[:4], "0000"), f"{address}x"):
        assert page.request.get(wrong).status == 404


def test_where_the_photo_was_taken_is_offered_and_then_forgotten(
    form: Form, page: Page, tmp_path: Path
) -> None:
    path = tmp_path / "gps.jpg"
    path.write_bytes(pictures.encode(pictures.scene(), exif=pictures.exif()))
    for accepted in (True, False):
        page.goto(form.start)
        page.get_by_label("En quelques mots").fill("nid de poule")
        page.get_by_label("Photos").set_input_files(path)
        go_on(page)
        page.locator(".card input").first.check()
        go_on(page)
        offer = page.get_by_label("Là où la photo a été prise 48,8130° N, 2,3420° E")
        expect(offer).not_to_be_checked()
        if accepted:
            offer.check()
            go_on(page)
        else:
            say_where(page)
        page.get_by_role("link", name="Retour").click()
        expect(page.get_by_text("Là où la photo a été prise")).to_have_count(0)
        expect(page.get_by_text("Un point est placé")).to_have_count(1 if accepted else 0)
        with form.pool.connection() as conn:
            (kept,) = conn.execute("select content::text from draft order by changed_at desc").fetchone() or (
                "",
            )
        assert ("48.813" in kept) is accepted


def test_the_device_is_asked_for_its_position_when_that_is_pressed_and_never_before(
    form: Form, browser: Browser
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        locale="fr-FR",
        geolocation={"latitude": 48.8131, "longitude": 2.3443, "accuracy": 12},
    )
    page = context.new_page()
    say_what(page, form, "nid de poule")
    page.get_by_role("button", name="Utiliser ma position").click()
    expect(page.get_by_role("status")).to_contain_text("écrivez l’adresse")
    context.grant_permissions(["geolocation"])
    page.get_by_role("button", name="Utiliser ma position").click()
    expect(page.get_by_role("status")).to_contain_text("à 12 mètres près")
    assert _complaints(page) == []
    go_on(page)
    page.get_by_role("link", name="Retour").click()
    expect(page.get_by_text("Un point est placé")).to_contain_text("48,8131° N, 2,3443° E")
    page.get_by_role("button", name="Retirer le point").click()
    go_on(page)
    expect(page.locator("#address-error")).to_contain_text("Écrivez une adresse")
    context.close()
