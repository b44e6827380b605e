"""Services and reports as GeoReport has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain.follow_up import PageTown, Step
from services.intake.domain.forms import Asked, FormTown
from services.intake.domain.georeport import KIND, Shown, status_of
from services.intake.usecases.georeport import Update
from services.intake.web.wording import state_of
from shared.l10n import Language


@dataclass(frozen=True, slots=True)
class Showing:
    """Says it in one language. `gettext`: the pages' catalogue; `photo_url`: of a photo's id."""

    town: FormTown
    labels: PageTown
    language: Language
    gettext: Callable[[str], str]
    photo_url: Callable[[str], str]

    def services(self) -> list[dict[str, Any]]:
        """The categories that can be sent, each a service."""
        return list(self._services())

    def _services(self) -> Iterator[dict[str, Any]]:
        for group in self.town.groups.get(KIND, ()):
            for leaf in group.leaves:
                yield {
                    "service_code": leaf.slug,
                    "service_name": leaf.label.in_language(self.language),
                    "description": leaf.label.in_language(self.language),
                    "metadata": bool(self.town.asks(leaf.slug)),
                    "type": "realtime",
                    "keywords": ",".join(leaf.label.as_dict().values()),
                    "group": group.choice.label.in_language(self.language),
                }

    def definition(self, code: str) -> dict[str, Any]:
        """A service with the questions that the town asks of its reports."""
        asked = enumerate(self.town.asks(code), 1)
        return {"service_code": code, "attributes": [self._attribute(each, order) for order, each in asked]}

    def _attribute(self, asked: Asked, order: int) -> dict[str, Any]:
        choices = [
            {"key": answer.slug, "name": answer.label.in_language(self.language)} for answer in asked.answers
        ]
        return {
            "variable": True,
            "code": asked.choice.slug,
            "datatype": "singlevaluelist",
            "required": False,
            "datatype_description": "",
            "order": order,
            "description": asked.choice.label.in_language(self.language),
            "values": choices,
        }

    def request(self, report: Shown, extended: bool) -> dict[str, Any]:
        """A report. `extended`: with what GeoReport has no field for."""
        private = report.private or {}
        said = {
            "service_request_id": report.reference,
            "status": report.status,
            "status_notes": private.get("text") or self._state(report.state, report.outcome),
            "service_name": self.town.label(report.category).in_language(self.language),
            "service_code": report.category,
            "description": private.get("description"),
            "agency_responsible": self._holder(report),
            "service_notice": report.reason.in_language(self.language) if report.reason else None,
            "requested_datetime": self.moment(report.submitted_at),
            "updated_datetime": self.moment(report.updated_at),
            "expected_datetime": self.moment(report.until) if report.until else None,
            "address": private.get("address"),
            "address_id": None,
            "zipcode": None,
            "lat": private.get("latitude"),
            "long": private.get("longitude"),
            "media_url": self.photo_url(photo) if (photo := private.get("photo")) else None,
        }
        return said | ({"extended_attributes": self._extended(report)} if extended else {})

    def update(self, update: Update) -> dict[str, Any]:
        """One thing that happened, as the extension for updates has it."""
        return {
            "update_id": f"{update.reference}.{update.sequence}",
            "service_request_id": update.reference,
            "status": status_of(update.state),
            "updated_datetime": self.moment(update.at),
            "description": update.text or self._state(update.state, update.outcome),
            "media_url": None,
        }

    def moment(self, moment: datetime) -> str:
        """With the offset that the town has then."""
        return moment.astimezone(self.town.time_zone).isoformat(timespec="seconds")

    def _extended(self, report: Shown) -> dict[str, Any]:
        holder = {"kind": report.holder[0], "id": report.holder[1]} if report.holder else None
        return {"kind": report.kind, "state": report.state, "outcome": report.outcome, "holder": holder}

    def _holder(self, report: Shown) -> str | None:
        return self.labels.label(*report.holder).in_language(self.language) if report.holder else None

    def _state(self, state: str, outcome: str | None) -> str:
        step = Step(datetime.min, state, outcome=outcome)
        return self.gettext(state_of(step).title)


def discovery(base_url: str, changed: datetime) -> Mapping[str, Any]:
    """Where the service is, and what it speaks."""
    changeset = changed.isoformat(timespec="seconds")
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": base_url,
        "changeset": changeset,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    return {
        "changeset": changeset,
        "contact": "The town hall, whose addresses are at the foot of its pages",
        "key_service": "A key is a front end's, and given by whoever runs Vigie for the town",
        "endpoints": [endpoint],
    }
