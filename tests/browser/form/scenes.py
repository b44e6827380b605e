"""The town's own form behind the real pages, as the web process's role may use the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Page

from deploy.local import ports
from services.intake.domain.links import Links
from services.intake.domain.steps import RecordedStep
from services.intake.settings import IntakeSettings, PhotoSettings
from services.intake.store import repository
from services.intake.web.app import application
from services.routing import townfiles
from services.routing.domain import to_event_data
from shared import clock, db, towns
from tests.browser.harness.serving import served
from tests.support import names
from tests.support.databases import Databases
from tests.support.ground import Bucket
from tests.support.system import GENTILLY

SECRET = "0123456789abcdef" * 4
WORDS = "Un matelas et une chaise devant le 12"


@dataclass
class Form:
    """The pages, served at `base`. `pool`: of the service itself, which may do more than its pages."""

    pool: db.Pool
    base: str

    @property
    def links(self) -> Links:
        """The links that the pages make."""
        return Links(self.base, SECRET)

    @property
    def start(self) -> str:
        """Where the form begins."""
        return f"{self.base}/gentilly/signaler"

    def configure(self, **changes: Any) -> None:
        """Set the town up anew, as its files say and with these changes."""
        with self.pool.connection() as conn:
            version = towns.versions(conn).get("gentilly", 0) + 1
            data = to_event_data(replace(townfiles.load(GENTILLY), **changes), version)
            towns.keep(conn, "gentilly", data)

    def route(self, report_id: str) -> None:
        """A department has the report, as routing tells it."""
        why = {"fr": "Parce que la rubrique est « Encombrants ».", "en": "Because it is about bulky items."}
        step = RecordedStep(
            town="gentilly",
            report_id=report_id,
            sequence="0000000001",
            state="routed",
            holder_kind="department",
            holder="proprete",
            until="2026-12-31T16:00:00Z",
            outcome=None,
            text=None,
            planned_for=None,
            happened_at=clock.timestamp(),
            reason=why,
        )
        with self.pool.connection() as conn:
            repository.add_steps(conn, [step])

    def reports(self) -> list[dict[str, Any]]:
        """What was told of reports that were sent, the oldest first."""
        return self._told("report.submitted.v1")

    def kept(self) -> list[dict[str, Any]]:
        """What was told of reports that wait."""
        return self._told("report.kept.v1")

    def _told(self, type_: str) -> list[dict[str, Any]]:
        query = "select body -> 'data' -> 'report' from event where type = %s order by id"
        with self.pool.connection() as conn:
            return [row[0] for row in conn.execute(query, [type_]).fetchall()]


@contextmanager
def opened(databases: Databases, s3_url: str) -> Iterator[Form]:
    """The form, served, with a database and a bucket of its own for as long as it is looked at."""
    bucket, url = Bucket(s3_url, names.unique()), databases.create("intake")
    pool, web = (
        db.open_pool(url, "tests", size=2),
        db.open_pool(databases.web_url("intake", url), "web", size=4),
    )
    base = f"http://127.0.0.1:{ports.pick(set())}"
    form = Form(pool, base)
    form.configure()
    settings = IntakeSettings(base, SECRET, per_network=0, per_web_address=0)
    try:
        with served(application(web, settings, PhotoSettings(bucket.url)), int(base.rpartition(":")[2])):
            yield form
    finally:
        web.close()
        pool.close()
        databases.drop(url)
        bucket.remove()


def say_what(page: Page, form: Form, words: str = WORDS) -> None:
    """Begin, in one's own words, and take the first category that is proposed."""
    page.goto(form.start)
    page.get_by_label("En quelques mots").fill(words)
    go_on(page)
    page.locator(".card input").first.check()
    go_on(page)


def say_where(page: Page) -> None:
    """The second step."""
    page.get_by_label("Adresse ou repère").fill("12 rue Charles-Frérot")
    go_on(page)


def say_who(page: Page, email: str = "ada@example.org") -> None:
    """The fourth step."""
    page.get_by_label("Prénom").fill("Ada")
    page.get_by_label("Nom", exact=True).fill("Martin")
    page.get_by_label("Adresse électronique", exact=True).fill(email)
    go_on(page)


def go_on(page: Page) -> None:
    """To the next step."""
    page.get_by_role("button", name="Continuer").click()


def send(page: Page) -> None:
    """The last step."""
    page.get_by_role("button", name="Envoyer").click()


def confirm(page: Page, form: Form) -> None:
    """Press what the mail about the last report that waits leads to."""
    page.goto(form.links.confirmation("gentilly", form.kept()[-1]["id"]))
    page.get_by_role("button", name="Confirmer et envoyer").click()


def every_page(form: Form, page: Page, photo: Any) -> Iterator[str]:
    """Go through the form, its mistakes too; gives a name for each page that is shown."""
    page.goto(f"{form.base}/gentilly/")
    yield "home"
    page.goto(form.start)
    yield "start"
    page.get_by_label("En quelques mots").fill("Nid de poule")
    page.get_by_label("Photos").set_input_files(photo)
    go_on(page)
    yield "what"
    go_on(page)
    yield "what-wrong"
    page.locator(".all > summary").click()
    yield "what-all"
    page.locator(".card input").first.check()
    go_on(page)
    yield "where"
    go_on(page)
    yield "where-wrong"
    say_where(page)
    yield "details"
    go_on(page)
    yield "who"
    go_on(page)
    yield "who-wrong"
    say_who(page)
    yield "check"
    page.get_by_role("button", name="Envoyer").click()
    yield "kept"
    draft, report = page.url, form.kept()[-1]["id"]
    page.goto(form.links.confirmation("gentilly", report))
    yield "confirm"
    page.get_by_role("button", name="Confirmer et envoyer").click()
    page.goto(draft)
    yield "sent"
    form.route(report)
    page.reload()
    yield "sent-routed"
