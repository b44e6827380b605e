"""The ways into the form and out of it, and that each of its pages holds for everybody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from shared import towns
from tests.browser.form.scenes import Form, confirm, go_on, say_what, say_where, say_who, send
from tests.browser.harness.inspection import Inspection


def test_every_step_holds_in_every_way(
    form: Form, page: Page, inspect: Callable[..., Inspection], picture: Path
) -> None:
    say_what(page, form, "nid de poule devant l’école")
    draft = page.url.rpartition("/")[0]
    say_where(page)
    page.get_by_label("Photos").set_input_files(picture)
    page.get_by_label("Oui").check()
    go_on(page)
    say_who(page, "whole@example.org")
    for name in ("quoi", "lieu", "details", "qui", "envoi"):
        assert inspect(f"{draft}/{name}").complaints() == [], name
    send(page)
    assert inspect(draft).complaints() == []
    waits = form.links.confirmation("gentilly", form.kept()[-1]["id"])
    assert inspect(waits).complaints() == []
    confirm(page, form)
    assert inspect(draft).complaints() == []


def test_first_pages_hold_in_every_way(form: Form, inspect: Callable[..., Inspection]) -> None:
    form.configure(kinds=("problem", "suggestion", "praise"))
    for path in ("", "signaler", "signaler?kind=suggestion&lang=en"):
        assert inspect(f"{form.base}/gentilly/{path}").complaints() == [], path
    form.configure()


def test_a_link_whose_time_is_up_says_so(form: Form, page: Page, inspect: Callable[..., Inspection]) -> None:
    say_what(page, form)
    say_where(page)
    go_on(page)
    say_who(page, "late@example.org")
    send(page)
    link = form.links.confirmation("gentilly", form.kept()[-1]["id"])
    with form.pool.connection() as conn:
        conn.execute("update kept set kept_until = now()")
    assert inspect(link, status=410).complaints() == []
    page.goto(link)
    expect(page.locator("main")).to_contain_text("n’a pas été confirmé à temps")


def test_a_code_on_a_lamp_post_has_filled_in_what_it_knows(
    form: Form, page: Page, inspect: Callable[..., Inspection]
) -> None:
    known = "category=eclairage/lampadaire-eteint&address=Lampadaire+12&latitude=48.813&longitude=2.342"
    assert inspect(f"{form.start}?{known}").complaints() == []
    page.goto(f"{form.start}?{known}")
    for words in ("Lampadaire éteint", "Lampadaire 12"):
        expect(page.locator(".facts")).to_contain_text(words)
    page.get_by_label("En quelques mots").fill("Éteint depuis lundi")
    go_on(page)
    expect(page.locator("h1")).to_have_text("Que faut-il savoir\u202f?")
    go_on(page)
    say_who(page, "lamp@example.org")
    expect(page.locator("#quoi")).to_contain_text("Lampadaire éteint")
    expect(page.locator("#lieu")).to_contain_text("Lampadaire 12 48,8130° N, 2,3420° E")


def test_without_a_town_in_the_address_one_is_chosen_unless_there_is_one_alone(
    form: Form, page: Page, inspect: Callable[..., Inspection]
) -> None:
    page.goto(form.base)
    assert page.url == f"{form.base}/gentilly/"
    with form.pool.connection() as conn:
        _, data = towns.stored(conn, "gentilly") or (0, {})
        towns.keep(conn, "autre", {**data, "slug": "autre", "name": "Autre-Ville"})
    assert inspect(form.base).complaints() == []
    page.goto(form.base)
    page.get_by_role("link", name="Ville d’Autre-Ville").click()
    assert page.url == f"{form.base}/autre/?lang=fr"
    with form.pool.connection() as conn:
        conn.execute("delete from town where town = 'autre'")


def test_a_form_on_the_town_s_own_site_begins_the_report(form: Form, page: Page) -> None:
    names = {
        "description": "Un matelas",
        "category": "proprete/encombrants",
        "address": "12 rue Charles-Frérot",
    }
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in names.items())
    page.set_content(f'<form method="post" action="{form.start}">{inputs}<button>Signaler</button></form>')
    page.get_by_role("button", name="Signaler").click()
    expect(page.locator("h1")).to_have_text("Que faut-il savoir\u202f?")
    expect(page.get_by_label("Description")).to_have_value("Un matelas")
    go_on(page)
    say_who(page, "portal@example.org")
    expect(page.locator("#quoi")).to_contain_text("Meubles et encombrants abandonnés")
    expect(page.locator("#lieu")).to_contain_text("12 rue Charles-Frérot")
