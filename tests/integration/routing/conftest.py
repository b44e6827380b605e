"""Ground without services, and a town's files that a test may change."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from services.routing.commands.town import town
from services.routing.townfiles import load
from shared.amqp.management import Management
from tests.support.ground import Ground
from tests.support.system import GENTILLY

from . import townfolder
from .desk import Desk


@pytest.fixture(scope="module")
def empty(make_ground: Callable[[], Ground]) -> Iterator[Ground]:
    """Databases and a broker that are set up, and no service running."""
    with make_ground() as own:
        yield own


@dataclass
class Town:
    """A town's folder on some ground, and the operator's command on it."""

    slug: str
    user: str
    files: townfolder.Files
    folder: Path
    values: dict[str, str]

    def apply(self, *options: str, **environment: str) -> Result:
        """`vigie town apply` on the files as they now are."""
        townfolder.write(self.folder, self.files)
        return self.run("apply", str(self.folder), *options, **environment)

    def run(self, *arguments: str, **environment: str) -> Result:
        """`vigie town …`; its error output comes with its output."""
        return CliRunner().invoke(town, arguments, env={**self.values, **environment})

    def rows(self, statement: str, service: str = "routing") -> list[tuple[Any, ...]]:
        """What a statement about this town (`%(town)s`) gives in a service's database."""
        with psycopg.connect(self.values[f"{service.upper()}_DATABASE_URL"]) as conn:
            return conn.execute(statement.encode(), {"town": self.slug}).fetchall()


@pytest.fixture
def new_town(tmp_path: Path) -> Iterator[Callable[[Ground], Town]]:
    """`new_town(ground)`: a town that nobody else has; its users are gone afterwards."""
    made: list[Town] = []

    def create(ground: Ground) -> Town:
        slug = f"essai-{secrets.token_hex(4)}"
        made.append(Town(slug, f"{slug}-web", townfolder.files(slug, f"{slug}-web"), tmp_path, ground.values))
        return made[-1]

    yield create
    for town_ in made:
        with Management(town_.values["ADMIN_API_URL"]) as api:
            for user in (town_.user, f"{town_.user}-desk"):
                api.delete("users", user)


@pytest.fixture
def essai(new_town: Callable[[Ground], Town], empty: Ground) -> Town:
    """A new town where no service runs."""
    return new_town(empty)


@pytest.fixture
def desk(database: Callable[[str], str]) -> Desk:
    """A routing database that knows Gentilly, and routing's use cases on it."""
    own = Desk(database("routing"), load(GENTILLY))
    own.set_up()
    return own
