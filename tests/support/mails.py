"""A town and deliveries for tests of what is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.notification import domain
from services.notification.bus import consumers
from services.notification.domain import Contact, Delivery, Notice
from shared import ids
from shared.contracts import registry
from shared.contracts.envelope import Event
from tests.support import reports

MAIL: dict[str, Any] = {
    "from": "signalements@gentilly.example",
    "reply_to": "accueil@gentilly.example",
    "signature": {
        "fr": "Accueil de la mairie\n14 place Henri-Barbusse, 94250 Gentilly\n01 23 45 67 89",
        "en": "Town hall reception\n14 place Henri-Barbusse, 94250 Gentilly, France\n+33 1 23 45 67 89",
    },
}
CONTACT = Contact(
    "ada@example.org",
    "Ada",
    "Martin",
    "https://signaler.gentilly.example/suivi/eyJ0IjoiZyJ9.c2lnbmVk",
    "https://signaler.gentilly.example/confirmer/eyJ0IjoiZyJ9.c2lnbmVk",
)


def _authority(slug: str, fr: str, en: str, **more: Any) -> dict[str, Any]:
    basis = {"email": f"{slug}@example.org", "language": "fr", "needs_contact": False}
    return {"slug": slug, "label": {"fr": fr, "en": en}, **basis, **more}


def _category(slug: str, fr: str, en: str, *children: dict[str, Any]) -> dict[str, Any]:
    label = {"fr": fr, "en": en}
    kinds = ["problem", "suggestion", "praise"]
    return {"slug": slug, "label": label, "active": True, "kinds": kinds, "children": list(children)}


def configuration(**changes: Any) -> dict[str, Any]:
    """The data of a `town.configured.v1`, checked against its contract."""
    pothole = _category("voirie/nid-de-poule", "Nid-de-poule", "Pothole")
    data = {
        "slug": "gentilly",
        "name": "Gentilly",
        "version": 1,
        "languages": ["fr", "en"],
        "time_zone": "Europe/Paris",
        "kinds": ["problem", "suggestion", "praise"],
        "categories": [_category("voirie", "Voirie", "Roads", pothole)],
        "departments": [{"slug": "voirie", "label": {"fr": "Voirie", "en": "Roads"}}],
        "authorities": [
            _authority("ratp", "RATP", "RATP, the Paris transport operator"),
            _authority("bailleur", "Le bailleur", "The landlord", needs_contact=True),
            _authority("embassy", "L’ambassade", "The embassy", language="en"),
            _authority("enedis", "Enedis", "Enedis", email=None),
        ],
        "tools": [],
        "mail": MAIL,
        **changes,
    }
    registry.check(configured(data))
    return data


def configured(data: dict[str, Any], town: str = "gentilly") -> Event:
    """The event that carries `data`."""
    return Event(ids.new_id(), "urn:vigie:routing", "town.configured.v1", town, "2026-11-20T07:00:00Z", data)


def town(**changes: Any) -> domain.Town:
    """Gentilly as the mails know it."""
    return domain.town(1, configuration(**changes))


def delivery(notice: Notice, event: Event, language: str = "fr") -> Delivery:
    """The delivery of `notice` about `event`, as a sender has claimed it."""
    read = consumers.report_event(reports.message(event))
    return Delivery(
        town=event.town,
        id=ids.derived_id(event.id, notice.recipient),
        event_id=event.id,
        report_id=event.data["report"]["id"],
        reference=event.data["report"]["reference"],
        recipient_kind=notice.recipient,
        recipient_id=domain.recipient_id(notice, read),
        template=notice.template,
        language=language,
        data=domain.template_data(notice, read),
        correlation_id=event.correlationid,
        attempts=0,
        message_id=None,
        due_at=datetime.now(UTC),
        uncertain=False,
    )


def happened(fact: str, about: Mapping[str, Any] | None = None, **more: Any) -> Event:
    """The event of type `fact`, of any report unless `about` says which."""
    happening = fact.split(".")[1]
    if happening == "kept":
        return reports.kept(about)
    return reports.event(happening, about, **more)
