"""The events that intake publishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.intake.domain.acts import AuthorAct
from services.intake.domain.links import Links
from services.intake.domain.reports import Report
from services.intake.domain.submissions import Place
from shared import clock, ids
from shared.contracts.envelope import Event
from shared.contracts.states import SATISFIED, event_type

SOURCE = "urn:vigie:intake"
FIRST = "0000000001"  # the sequence of a report's first event


def report_submitted(report: Report, links: Links) -> Event:
    """`report.submitted.v1`: the report as every service may see it, without its author's identity."""
    submission = report.submission
    return Event(
        id=ids.new_id(),
        source=SOURCE,
        type="report.submitted.v1",
        town=report.town,
        time=report.submitted_at,
        subject=report.id,
        sequence=FIRST,
        **submission.cause.attributes(),
        data={"report": _report(report, links), "front_end": submission.sender},
    )


def report_kept(report: Report, until: datetime) -> Event:
    """`report.kept.v1`: it waits until its author confirms; what it says is nobody's yet."""
    return Event(
        id=ids.new_id(),
        source=SOURCE,
        type="report.kept.v1",
        town=report.town,
        time=report.submitted_at,
        subject=report.id,
        **report.submission.cause.attributes(),
        data={"report": _named(report), "kept_until": clock.rfc3339(until)},
    )


def report_acted(
    town: str,
    report: Mapping[str, Any],
    photos: Sequence[str],
    act: AuthorAct,
    added: Sequence[str],
    holder: tuple[str, str] | None,
    links: Links,
) -> Event:
    """`report.withdrawn.v1`, `.reopened`, `.completed` or `.rated`: what its author has done.

    `report`: its row; `photos`: the ids of all that it has; `holder`: who had it, kind and slug.
    """
    has = {holder[0]: holder[1]} if holder else {}
    data = {"report": _stored(town, report, photos, links), **has, **_said(town, act, added, links)}
    return Event(
        id=ids.new_id(),
        source=SOURCE,
        type=event_type(act.act),
        town=town,
        time=clock.timestamp(),
        subject=report["id"],
        data=data,
    )


def _said(town: str, act: AuthorAct, added: Sequence[str], links: Links) -> dict[str, Any]:
    text = {"text": act.text} if act.text else {}
    if act.act == "rated":
        return {"satisfied": act.outcome == SATISFIED}
    if act.act == "withdrawn":
        return {"reason": act.outcome, **text}
    return {**text, "photos": [_photo(town, photo, links) for photo in added]} if added else text


def _stored(town: str, row: Mapping[str, Any], photos: Sequence[str], links: Links) -> dict[str, Any]:
    """A stored report as every service may see it: what was published of it when it was new, less
    who sent it, which pages do not know.
    """
    plain = ("id", "reference", "kind", "category", "language", "description", "answers")
    return {
        **{name: row[name] for name in plain},
        **_where(Place(row["latitude"], row["longitude"], row["address"])),
        "photos": [_photo(town, photo, links) for photo in photos],
        "submitted_at": clock.rfc3339(row["submitted_at"]),
    }


def _report(report: Report, links: Links) -> dict[str, Any]:
    submission = report.submission
    return {
        **_named(report),
        "description": submission.description,
        "answers": submission.answers,
        **_where(submission.place),
        "photos": [_photo(report.town, photo, links) for photo in submission.distinct_photos],
    }


def _named(report: Report) -> dict[str, Any]:
    """Which report it is, and nothing of what it says."""
    submission = report.submission
    return {
        "id": report.id,
        "reference": report.reference,
        "kind": submission.kind,
        "category": submission.category,
        "language": submission.language,
        "citizen_id": report.citizen_id,
        "submitted_at": report.submitted_at,
    }


def _photo(town: str, photo: str, links: Links) -> dict[str, str]:
    full, thumbnail = links.photo(town, photo, "full"), links.photo(town, photo, "thumbnail")
    return {"id": photo, "url": full, "thumbnail_url": thumbnail}


def _where(place: Place | None) -> dict[str, Any]:
    """The point, with its address; of an address alone nobody knows where on earth it is."""
    address = {"address": place.address} if place and place.address else {}
    if place is None or place.latitude is None:
        return {"place": None, **address}
    return {"place": {"latitude": place.latitude, "longitude": place.longitude, **address}}
