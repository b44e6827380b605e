"""A person with a telephone and the whole of Vigie: the form, the mails that are really sent, the page."""

from __future__ import annotations

import re
from email.message import EmailMessage

from playwright.sync_api import FilePayload, Page, expect

from shared import ids
from tests.browser.form.scenes import go_on, say_who
from tests.e2e import counts
from tests.support import pictures
from tests.support.system import System, wait_until


def _mails(system: System, email: str) -> list[EmailMessage]:
    return [mail for mail in system.ground.mailbox.mails() if str(mail["To"]) == email]


def _link(mail: EmailMessage, path: str) -> str:
    body = mail.get_body(("plain",))
    found = re.search(rf"https?://\S+/{path}/\S+", str(body.get_content()) if body else "")
    assert found, f"no {path} in {mail['Subject']}"
    return found[0]


def _withdraw(page: Page) -> None:
    page.get_by_role("link", name="Retirer mon envoi").click()
    page.get_by_label("Il n’y a plus rien à faire").check()
    page.get_by_role("button", name="Retirer mon envoi").click()
    expect(page.locator("section.now h2")).to_contain_text("Retiré")


def test_a_person_reports_confirms_by_mail_and_follows_the_report(system: System, page: Page) -> None:
    email = f"{ids.random_id()}@example.org"
    page.goto(f"{system.url('intake-web')}/gentilly/signaler")
    page.get_by_label("En quelques mots").fill("Nid de poule devant l’école")
    buffer = pictures.encode(pictures.scene(), exif=pictures.exif())
    page.get_by_label("Photos").set_input_files(
        FilePayload(name="p.jpg", mimeType="image/jpeg", buffer=buffer)
    )
    go_on(page)
    page.get_by_label("Nid-de-poule").check()
    go_on(page)
    page.get_by_label("Là où la photo a été prise").check()
    go_on(page)
    go_on(page)
    say_who(page, email)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("h1")).to_have_text("Regardez votre boîte aux lettres")

    asked = wait_until(lambda: _mails(system, email), what="the mail that asks to confirm")
    assert len(asked) == 1
    page.goto(_link(asked[0], "confirmer"))
    page.get_by_role("button", name="Confirmer et envoyer").click()
    expect(page.locator("#envoi")).to_be_visible()
    reference = page.locator(".reference").inner_text().split()[-1]
    assert reference in str(asked[0]["Subject"])

    wait_until(lambda: len(_mails(system, email)) == 3, what="the receipt, and who has it")
    page.goto(_link(_mails(system, email)[-1], "suivi"))
    expect(page.locator(".reference")).to_contain_text(reference)
    stored = "select count(*) from photo p join report r on r.id = p.report_id where r.reference = %s"
    assert counts.scalar(system, "intake", stored, reference) == 1
    case = "select count(*) from case_file where reference = %s"
    assert counts.scalar(system, "routing", case, reference) == 1

    _withdraw(page)
    withdrawn = f"{case} and state = 'withdrawn'"
    wait_until(lambda: counts.scalar(system, "routing", withdrawn, reference), what="the case withdrawn")
    counted = "select count(*) from fact where happened = 'withdrawn'"
    wait_until(lambda: counts.scalar(system, "analytics", counted), what="the withdrawal counted")
