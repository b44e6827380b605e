"""Storing a town's configuration: a new version, published to every service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.routing import events
from services.routing.domain import TownConfiguration, fingerprint, from_document, to_document, to_event_data
from services.routing.store import repository
from shared import db, towns
from shared.towns import Towns
from shared.unit import Unit


@dataclass(frozen=True, slots=True)
class Stored:
    """Which version a configuration has, whether it is new, and whether it is published."""

    version: int
    new: bool
    published: bool


def store(unit: Unit, configuration: TownConfiguration, again: bool = False, taken: int = 0) -> Stored:
    """Keep the configuration; the same content keeps its version and is published once.

    `again`: publish it even so, for a service that has started empty. `taken`: the highest version that any
    service has; where it is higher than routing's own, whose database was then lost or restored, a lower
    one would be passed over as stale.
    """
    last, checksum = repository.lock_town(unit.conn, configuration.slug) or (0, "")
    configuration = configuration.after(current(unit.conn, configuration.slug))
    new = fingerprint(configuration) != checksum or taken > last
    version = max(last, taken) + 1 if new else last
    data = to_event_data(configuration, version)
    if new:
        document = to_document(configuration)
        repository.add_town_version(
            unit.conn, configuration.slug, version, fingerprint(configuration), document
        )
        towns.keep(unit.conn, configuration.slug, data)
    if new or again:
        unit.publish(events.town_configured(configuration.slug, data))
    return Stored(version, new, new or again)


def lost_categories(conn: db.Connection, configuration: TownConfiguration) -> dict[str, int]:
    """Categories that are no longer in the configuration although reports have them, with how many.

    Without its label, such a category could be shown to nobody: it may be retired, and not removed.
    """
    before = current(conn, configuration.slug)
    gone = before.labels["category"].keys() - configuration.labels["category"].keys() if before else set()
    return repository.category_counts(conn, configuration.slug, sorted(gone)) if gone else {}


def configured_towns() -> Towns[TownConfiguration]:
    """The configurations by which reports are decided on and acted on."""
    return Towns(_parse, repository.current_town)


def _parse(version: int, document: Mapping[str, Any]) -> TownConfiguration:
    return from_document(document, version)


def current(conn: db.Connection, town: str) -> TownConfiguration | None:
    """A town's newest configuration; None where it has none."""
    found = repository.current_town(conn, town)
    return from_document(found[1], found[0]) if found else None


def known(conn: db.Connection) -> list[str]:
    """The towns that have been set up."""
    return sorted(towns.versions(conn))


def users(conn: db.Connection) -> set[str]:
    """The RabbitMQ users of every town that is set up."""
    return {tool.user for configuration in _all(conn) for tool in configuration.tools}


def twin(conn: db.Connection, configuration: TownConfiguration) -> str | None:
    """The slug of the town that a new one is by its name and its sender of mails."""
    towns = {town.slug: town for town in _all(conn)}
    face = (configuration.name, configuration.mail.sender)
    twins = (slug for slug, town in towns.items() if (town.name, town.mail.sender) == face)
    return None if configuration.slug in towns else next(twins, None)


def _all(conn: db.Connection) -> list[TownConfiguration]:
    found = (current(conn, town) for town in known(conn))
    return [configuration for configuration in found if configuration]


def as_json(configuration: TownConfiguration) -> str:
    """The data of `town.configured.v1`, for a program."""
    data = to_event_data(configuration, configuration.version)
    return json.dumps(data, indent=2, ensure_ascii=False)
