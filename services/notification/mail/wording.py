"""The words that go into a mail: facts, labels and dates as people read them, in one language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from services.notification.domain import (
    Contact,
    Delivery,
    Town,
    in_language,
    label,
    town_of,
)
from services.notification.mail.quoting import excerpt, first_name, many_lines, one_line, without_links

# Language → locale, a day, a moment.
_DATES = {
    "fr": ("fr_FR", "EEEE d MMMM y", "EEEE d MMMM y 'à' H' h 'mm"),
    "en": ("en_GB", "EEEE d MMMM y", "EEEE d MMMM y 'at' HH:mm"),
}
_FIRST = re.compile(r"(?<=\s)1(?=\s)")


def variables(delivery: Delivery, town: Town, contact: Contact | None, language: str) -> dict[str, Any]:
    """All that the templates may name; what a fact does not have is empty."""
    report, data = delivery.data["report"], delivery.data
    at = Clockface(language, town.time_zone)
    clocks, decision = data.get("clocks") or {}, data.get("decision") or {}
    authority = town.authorities.get(data.get("authority", ""))
    return {
        "language": language,
        "kind": report["kind"],
        "reference": one_line(delivery.reference),
        "town": one_line(town.name),
        "town_of": town_of(one_line(town.name), language),
        "town_title": _capital(town_of(one_line(town.name), language)),
        "signature": many_lines(in_language(town.signature, language)),
        "can_answer": bool(town.reply_to),
        "category": one_line(label(town.categories, report["category"], language)),
        "department": one_line(label(town.departments, data.get("department", ""), language)),
        "authority": one_line(label(_labels(town), data.get("authority", ""), language)),
        "needs_contact": bool(authority and authority.needs_contact),
        "reason": one_line(in_language(decision.get("reason") or {}, language)),
        "why": one_line(in_language(decision.get("plain_reason") or {}, language)),
        "submitted_on": at.moment(report["submitted_at"]),
        "submitted_day": at.day(report["submitted_at"]),
        "happened_on": at.moment(data["happened_at"]),
        "happened_day": at.day(data["happened_at"]),
        "acknowledge_by": at.moment(clocks.get("acknowledge_by")),
        "resolve_by": at.moment(clocks.get("resolve_by")),
        "planned_for": at.day(data.get("planned_for")),
        "outcome": data.get("outcome") or "",
        "text": many_lines(data.get("text") or ""),
        **_place(report.get("place")),
        **_written(report),
        **_person(contact),
    }


class Clockface:
    """Writes dates and times for readers of one language in one time zone."""

    def __init__(self, language: str, time_zone: str) -> None:
        self._language = language
        self._locale, self._day, self._moment = _DATES[language]
        self._zone = ZoneInfo(time_zone)

    def day(self, text: str | None) -> str:
        """An RFC 3339 date or moment as a day; nothing for nothing."""
        if not text:
            return ""
        day = date.fromisoformat(text) if len(text) == 10 else self._local(text).date()
        return self._first(format_date(day, self._day, locale=self._locale))

    def moment(self, text: str | None) -> str:
        """An RFC 3339 moment as day and time; nothing for nothing."""
        if not text:
            return ""
        return self._first(format_datetime(self._local(text), self._moment, locale=self._locale))

    def _local(self, text: str) -> datetime:
        return datetime.fromisoformat(text).astimezone(self._zone)

    def _first(self, written: str) -> str:
        return _FIRST.sub("1er", written, count=1) if self._language == "fr" else written


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _labels(town: Town) -> dict[str, Mapping[str, str]]:
    return {slug: authority.label for slug, authority in town.authorities.items()}


def _place(place: Mapping[str, Any] | None) -> dict[str, Any]:
    if not place:
        return {"where": "", "address": "", "coordinates": "", "map_links": []}
    at = f"{place['latitude']:.5f},{place['longitude']:.5f}"
    latitude, longitude = at.split(",")
    address = one_line(place.get("address") or "")
    map_url = f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=19/{latitude}/{longitude}"
    return {
        "where": without_links(address) or f"{latitude}, {longitude}",
        "address": address,
        "coordinates": f"{latitude}, {longitude}",
        "map_links": [("OpenStreetMap", map_url), ("GPS", f"geo:{at}")],
    }


def _written(report: Mapping[str, Any]) -> dict[str, Any]:
    description = many_lines(report.get("description") or "")
    photos = report.get("photos") or []
    answers = report.get("answers") or {}
    return {
        "description": description,
        "excerpt": without_links(excerpt(description)),
        "photos": [(f"Photo {number}", one_line(photo["url"])) for number, photo in enumerate(photos, 1)],
        "answers": [(one_line(question), many_lines(answer)) for question, answer in answers.items()],
    }


def _person(contact: Contact | None) -> dict[str, Any]:
    if contact is None:
        return {"name": "", "tracking_url": "", "contact": None}
    return {
        "name": first_name(contact.first_name),
        "tracking_url": one_line(contact.tracking_url),
        "contact": {
            "name": one_line(f"{contact.first_name} {contact.last_name}"),
            "email": one_line(contact.email),
        },
    }
