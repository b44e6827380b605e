"""Reading what became of a report, for its author."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.intake.domain.follow_up import FollowUp, PageTown, Point, Step
from services.intake.store import photos, repository
from shared import db
from shared.branding import Branding
from shared.l10n import Label
from shared.towns import Towns


def town_of_page(conn: db.Connection, towns: Towns[PageTown], town: str) -> PageTown | None:
    """How the town's pages look and what they call things; None where the town is not known."""
    return towns.current(conn, [town]).get(town)


def follow_up(conn: db.Connection, towns: Towns[PageTown], town: str, report_id: str) -> FollowUp | None:
    """What became of this report; None where there is no such report."""
    report = repository.report(conn, town, report_id)
    if report is None:
        return None
    known = town_of_page(conn, towns, town) or PageTown(Branding(town))
    steps = repository.follow_up_steps(conn, town, report_id)
    return FollowUp(
        town=known.branding,
        time_zone=known.time_zone,
        language=report["language"],
        reference=report["reference"],
        kind=report["kind"],
        category=known.label("category", report["category"]),
        description=report["description"],
        address=report["address"],
        submitted_at=report["submitted_at"],
        steps=tuple(_step(known, step) for step in steps),
        photos=tuple(photos.of_report(conn, town, report_id)),
        point=_point(report),
    )


def _point(report: Mapping[str, Any]) -> Point | None:
    latitude, longitude = report["latitude"], report["longitude"]
    return None if latitude is None or longitude is None else (latitude, longitude)


def _step(town: PageTown, row: Mapping[str, Any]) -> Step:
    holder = town.label(row["holder_kind"], row["holder"]) if row["holder"] else None
    kept = ("state", "until", "outcome", "text", "planned_for")
    reason = Label.of(row["reason"]) if row["reason"] else None
    return Step(at=row["happened_at"], holder=holder, reason=reason, **{name: row[name] for name in kept})
