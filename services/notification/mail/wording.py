"""The words that go into a mail: facts, labels and dates as people read them, in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.notification.domain import Contact, Delivery, Town, label
from services.notification.mail.quoting import excerpt, first_name, many_lines, one_line, without_links
from shared.l10n import Dates, Label, Language, language_or_french, town_of
from shared.masking import masked


def variables(delivery: Delivery, town: Town, contact: Contact | None, language: str) -> dict[str, Any]:
    """All that the templates may name; what a fact does not have is empty."""
    data = delivery.data
    report, text = data["report"], data.get("text") or ""
    if delivery.recipient_kind == "authority":
        report = _outward(report, language_or_french(language))
        text = masked(text, language_or_french(language))
    dates = Dates(language, town.time_zone)
    decision = data.get("decision") or {}
    authority, planned_for = town.authorities.get(data.get("authority", "")), data.get("planned_for")
    return {
        "language": language,
        "kind": report["kind"],
        "reference": one_line(delivery.reference),
        **_town(town, language),
        "can_answer": bool(town.reply_to),
        "category": one_line(label(town.categories, report["category"], language)),
        "department": one_line(label(town.departments, data.get("department", ""), language)),
        "authority": one_line(label(town.authority_labels, data.get("authority", ""), language)),
        "needs_contact": bool(authority and authority.needs_contact),
        "reason": _sentence(decision.get("reason"), language),
        "why": _sentence(decision.get("plain_reason"), language),
        **_moments("submitted", report["submitted_at"], dates),
        **_moments("happened", data["happened_at"], dates),
        **_deadlines(data.get("clocks") or {}, dates),
        "planned_for": dates.day(date.fromisoformat(planned_for)) if planned_for else "",
        "outcome": data.get("outcome") or "",
        "text": many_lines(text),
        "added_photos": _photos(data.get("photos") or []),
        **_where(report),
        **_written(report),
        "kept_until": dates.day_and_moment(datetime.fromisoformat(data["kept_until"]))
        if "kept_until" in data
        else "",
        **_person(contact),
    }


def _moments(name: str, text: str, dates: Dates) -> dict[str, str]:
    when = datetime.fromisoformat(text)
    return {f"{name}_on": dates.day_and_moment(when), f"{name}_day": dates.day(when)}


def _deadlines(clocks: Mapping[str, str | None], dates: Dates) -> dict[str, str]:
    due = {name: clocks.get(name) for name in ("acknowledge_by", "resolve_by")}
    return {name: dates.deadline(datetime.fromisoformat(at)) if at else "" for name, at in due.items()}


def _sentence(texts: Mapping[str, str] | None, language: str) -> str:
    return one_line(Label.of(texts).in_language(language)) if texts else ""


def _town(town: Town, language: str) -> dict[str, Any]:
    name, look = one_line(town.branding.name), town.branding.look
    return {
        "town": name,
        "town_of": town_of(name, language),
        "town_title": one_line(town.branding.title(language)),
        "day": look.light,
        "night": look.dark,
        "links": town.branding.named_links(language),
        "signature": many_lines(town.signature.in_language(language)),
    }


def _where(report: Mapping[str, Any]) -> dict[str, Any]:
    place = report.get("place") or {}
    address = one_line(place.get("address") or report.get("address") or "")
    if not place:
        return {"where": without_links(address), "address": address, "coordinates": "", "map_links": []}
    at = f"{place['latitude']:.5f},{place['longitude']:.5f}"
    latitude, longitude = at.split(",")
    map_url = f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=19/{latitude}/{longitude}"
    return {
        "where": without_links(address) or f"{latitude}, {longitude}",
        "address": address,
        "coordinates": f"{latitude}, {longitude}",
        "map_links": [("OpenStreetMap", map_url), ("GPS", f"geo:{at}")],
    }


def _outward(report: Mapping[str, Any], language: Language) -> Mapping[str, Any]:
    """The report as it leaves the town hall: without what names or reaches a person in what was written."""
    answers = {question: masked(text, language) for question, text in (report.get("answers") or {}).items()}
    said = {name: masked(report.get(name) or "", language) for name in ("description", "address")}
    place = report.get("place")
    if place:
        place = {**place, "address": masked(place.get("address") or "", language)}
    return {**report, **said, "place": place, "answers": answers}


def _written(report: Mapping[str, Any]) -> dict[str, Any]:
    description = many_lines(report.get("description") or "")
    answers = report.get("answers") or {}
    return {
        "description": description,
        "excerpt": without_links(excerpt(description)),
        "photos": _photos(report.get("photos") or []),
        "answers": [(one_line(question), many_lines(answer)) for question, answer in answers.items()],
    }


def _photos(photos: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    return [(f"Photo {number}", one_line(photo["url"])) for number, photo in enumerate(photos, 1)]


def _person(contact: Contact | None) -> dict[str, Any]:
    if contact is None:
        return {"name": "", "tracking_url": "", "confirmation_url": "", "contact": None}
    return {
        "name": first_name(contact.first_name),
        "tracking_url": one_line(contact.tracking_url),
        "confirmation_url": one_line(contact.confirmation_url or ""),
        "contact": {
            "name": one_line(f"{contact.first_name} {contact.last_name}"),
            "email": one_line(contact.email),
        },
    }
