"""Reports in every state, in a real database, behind the real pages and a real server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.local import ports
from services.intake.domain.links import Links
from services.intake.domain.reports import Report
from services.intake.domain.steps import RecordedStep
from services.intake.domain.submissions import Author, Place, Submission
from services.intake.photos import cleaning
from services.intake.settings import IntakeSettings, PhotoSettings
from services.intake.store import photos, repository
from services.intake.store.photos import Owner
from services.intake.usecases.photo_keeping import Keeper
from services.intake.web.app import application
from shared import clock, db, ids, towns
from tests.browser.harness.serving import served
from tests.contract.examples import example
from tests.support import names
from tests.support.databases import Databases
from tests.support.ground import Bucket

SECRET = "0123456789abcdef" * 4
SENT = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
DEPARTMENT = {"holder_kind": "department", "holder": "voirie"}
LONG = "Le trou s’agrandit à chaque pluie, et les vélos font un écart devant les voitures. " * 12

WHY = {
    "fr": "Confié au service « Voirie » parce que la rubrique est « Nid-de-poule ».",
    "en": "Given to the department “Roads” because the category is “Pothole”.",
}

# Name → the steps of a report: state, and what goes with it.
STORIES: Mapping[str, list[dict[str, Any]]] = {
    "received": [],
    "triaged": [{"state": "triaged"}],
    "routed": [{"state": "routed", **DEPARTMENT, "days": 30, "reason": WHY}],
    "forwarded": [
        {"state": "forwarded", "holder_kind": "authority", "holder": "ratp", "days": -2},
        {"state": "overdue"},
    ],
    "planned": [
        {"state": "routed", **DEPARTMENT, "days": 30},
        {"state": "acknowledged", **DEPARTMENT},
        {"state": "planned", **DEPARTMENT, "planned_for": "2026-12-01", "text": "Si le temps le permet."},
    ],
    "late": [{"state": "routed", **DEPARTMENT, "days": -2}, {"state": "overdue", **DEPARTMENT}],
    "done": [
        {"state": "routed", **DEPARTMENT, "days": 30},
        {"state": "acknowledged", **DEPARTMENT},
        {
            "state": "resolved",
            **DEPARTMENT,
            "outcome": "done",
            "text": "Rebouché.\nMerci de votre aide.",
        },
    ],
    "withdrawn": [
        {"state": "routed", **DEPARTMENT, "days": 30},
        {"state": "completed", **DEPARTMENT, "text": "Il est maintenant deux fois plus large."},
        {"state": "withdrawn", **DEPARTMENT, "outcome": "gone", "text": "Un voisin l’a rebouché."},
    ],
    "reopened": [
        {"state": "routed", **DEPARTMENT, "days": 3},
        {"state": "resolved", **DEPARTMENT, "outcome": "done", "text": "Rebouché."},
        {"state": "rated", **DEPARTMENT, "outcome": "unsatisfied"},
        {"state": "reopened", **DEPARTMENT, "text": "Le trou est revenu après la pluie."},
    ],
    "declined": [
        {"state": "routed", **DEPARTMENT, "days": 30},
        {"state": "declined", **DEPARTMENT, "outcome": "not_competent", "text": f"Voie privée. {LONG}"},
    ],
}


# The pages on which an author does something: a story in which it is possible, and the end of the address.
ACT_PAGES = (("routed", "completer"), ("routed", "retirer"), ("done", "rouvrir"))


@dataclass
class Pages:
    """The pages, served at `base`."""

    pool: db.Pool
    base: str
    settings: PhotoSettings

    def report(
        self,
        story: str,
        pictures: list[bytes] | None = None,
        address: str | None = "12 rue Charles-Frérot",
        **fields: Any,
    ) -> str:
        """Store a report that this happened to; the address of its page."""
        reference = f"GEN-7K3M-{ids.random_id()[:4].upper()}"
        sent = replace(_SUBMISSION, place=Place(48.813, 2.342, address), **fields)
        report = Report(ids.new_id(), reference, CITIZEN, SENT.isoformat(), sent)
        with self.pool.connection() as conn:
            repository.add_reports(conn, [report])
            repository.add_steps(conn, list(_steps(report.id, STORIES[story])))
            self._attach(conn, report.id, pictures or [])
        return Links(self.base, SECRET).tracking("gentilly", report.id)

    def early(self) -> str:
        """The address of the page of a report that is not stored yet."""
        return Links(self.base, SECRET).tracking("gentilly", ids.new_id())

    def _attach(self, conn: db.Connection, report_id: str, pictures: list[bytes]) -> None:
        owner = Owner("gentilly", "front-web")
        added = [photos.add(conn, owner, picture, cleaning.clean(picture)) for picture in pictures]
        photos.claim(conn, [((owner.town, owner.tool, photo), report_id) for photo in added])

    @property
    def origins(self) -> frozenset[str]:
        """Where the page shows photos from."""
        return frozenset({self.settings.store().public_origin})

    def store_photos(self) -> None:
        """Carry all photos to the object store."""
        Keeper(self.pool, self.settings.store(), 24).work()


CITIZEN = "019ab0f2-6000-7000-8000-0000000000aa"
_SUBMISSION = Submission(
    town="gentilly",
    sender="front-web",
    kind="problem",
    category="voirie/nid-de-poule",
    language="fr",
    description="Trou devant l’école, à gauche du passage piéton.\nUn cycliste est tombé ce matin.",
    author=Author("Ada", "Martin", "ada@example.org"),
)


def _steps(report_id: str, story: list[dict[str, Any]]) -> Iterator[RecordedStep]:
    for number, step in enumerate(story, 1):
        until = clock.now() + timedelta(days=step["days"]) if "days" in step else None
        names = ("holder_kind", "holder", "outcome", "text", "planned_for", "reason")
        happened: dict[str, Any] = {name: step.get(name) for name in names}
        yield RecordedStep(
            town="gentilly",
            report_id=report_id,
            sequence=f"{number:010d}",
            state=step["state"],
            until=until.isoformat() if until else None,
            happened_at=(SENT + timedelta(hours=5 * number)).isoformat(),
            **happened,
        )


@contextmanager
def opened(databases: Databases, s3_url: str) -> Iterator[Pages]:
    """The pages, served, with a database and a bucket of their own for as long as they are looked at."""
    bucket, url = Bucket(s3_url, names.unique()), databases.create("intake")
    pool = db.open_pool(url, "tests", size=4)
    try:
        with serve(pool, bucket.url) as pages:
            yield pages
    finally:
        pool.close()
        databases.drop(url)
        bucket.remove()


@contextmanager
def serve(pool: db.Pool, s3_url: str) -> Iterator[Pages]:
    """Serve the pages on a port of their own."""
    port = ports.pick(set())
    base, settings = f"http://127.0.0.1:{port}", PhotoSettings(s3_url)
    with pool.connection() as conn:
        towns.keep(conn, "gentilly", example("town.configured.v1").data)
    with served(application(pool, IntakeSettings(base, SECRET), settings), port):
        yield Pages(pool, base, settings)
