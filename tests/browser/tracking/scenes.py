"""Reports in every state, in a real database, behind the real pages and a real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from deploy.local import ports
from services.intake.domain.reports import Report
from services.intake.domain.steps import RecordedStep
from services.intake.domain.submissions import Author, Place, Submission
from services.intake.domain.tracking_links import tracking_url
from services.intake.photos import cleaning
from services.intake.photos.settings import PhotoSettings
from services.intake.store import photos, repository
from services.intake.store.photos import Owner
from services.intake.usecases.photo_keeping import Keeper
from services.intake.web.photos import PhotoViews
from services.intake.web.texts import STATIC
from services.intake.web.views import TrackingViews
from shared import clock, contracts, db, ids, towns
from shared.web import create_app

SECRET = "0123456789abcdef" * 4
SENT = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
DEPARTMENT = {"holder_kind": "department", "holder": "voirie"}
LONG = "Le trou s’agrandit à chaque pluie, et les vélos font un écart devant les voitures. " * 12

# Name → the steps of a report: state, and what goes with it.
STORIES: Mapping[str, list[dict[str, Any]]] = {
    "received": [],
    "triaged": [{"state": "triaged"}],
    "routed": [{"state": "routed", **DEPARTMENT, "days": 30}],
    "forwarded": [{"state": "forwarded", "holder_kind": "authority", "holder": "ratp"}],
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
    "declined": [
        {"state": "routed", **DEPARTMENT, "days": 30},
        {"state": "declined", **DEPARTMENT, "outcome": "not_competent", "text": f"Voie privée. {LONG}"},
    ],
}


@dataclass
class Pages:
    """The pages, served at `base`."""

    pool: db.Pool
    base: str
    settings: PhotoSettings

    def report(self, story: str, pictures: list[bytes] | None = None, **fields: Any) -> str:
        """Store a report that this happened to; the address of its page."""
        reference = f"GEN-7K3M-{ids.random_id()[:4].upper()}"
        sent = replace(_SUBMISSION, **fields)
        report = Report(ids.new_id(), reference, CITIZEN, SENT.isoformat(), sent)
        with self.pool.connection() as conn:
            repository.add_reports(conn, [report])
            repository.add_steps(conn, list(_steps(report.id, STORIES[story])))
            self._attach(conn, report.id, pictures or [])
        return tracking_url(self.base, SECRET, "gentilly", report.id)

    def _attach(self, conn: db.Connection, report_id: str, pictures: list[bytes]) -> None:
        owner = Owner("gentilly", "front-web")
        added = [photos.add(conn, owner, picture, cleaning.clean(picture)) for picture in pictures]
        photos.claim(conn, [((owner.town, owner.tool, photo), report_id) for photo in added])

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
    place=Place(48.813, 2.342, "12 rue Charles-Frérot"),
)


def _steps(report_id: str, story: list[dict[str, Any]]) -> Iterator[RecordedStep]:
    for number, step in enumerate(story, 1):
        until = clock.now() + timedelta(days=step["days"]) if "days" in step else None
        names = ("holder_kind", "holder", "outcome", "text", "planned_for")
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
def serve(pool: db.Pool, s3_url: str) -> Iterator[Pages]:
    """Serve the pages on a port of their own."""
    port = ports.pick(set())
    base, settings = f"http://127.0.0.1:{port}", PhotoSettings(s3_url)
    with pool.connection() as conn:
        towns.keep(conn, "gentilly", _town())
    tracking = TrackingViews(pool, base, SECRET, settings.store().public_origin)
    served = (PhotoViews(pool, SECRET, settings).blueprint(), tracking.blueprint(), STATIC.blueprint())
    app = create_app(*served, error_page=tracking.error_page)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Pages(pool, base, settings)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _town() -> dict[str, Any]:
    """The configuration of the contract's own example."""
    folder = Path(contracts.__file__).parent / "examples" / "town.configured.v1"
    data: dict[str, Any] = json.loads(sorted(folder.glob("*.json"))[0].read_text())["data"]
    return data
