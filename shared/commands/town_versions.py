"""Which version of a town each service has taken, whoever is running."""

from __future__ import annotations

from shared import towns
from shared.commands import DatabaseAway, database
from shared.settings import SERVICES


def taken(town: str) -> dict[str, int]:
    """The version of `town` in each service's database, 0 where there is none.

    Raises DatabaseAway where one does not answer: which version it has is then not known.
    """
    return {service: _version(service, town) for service in SERVICES}


def _version(service: str, town: str) -> int:
    try:
        with database(service) as conn:
            return towns.versions(conn).get(town, 0)
    except DatabaseAway as away:
        if away.cause == "no_tables":
            return 0
        raise
