"""The running servers for tests, each worker on ground of its own; nothing is skipped where one is away."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local import connections, paths
from shared import settings
from tests.support import ground as grounds
from tests.support import told
from tests.support.databases import Databases
from tests.support.ground import Ground
from tests.support.system import System


def pytest_configure() -> None:
    """Tests see the running servers' addresses in the environment, as the services and `vigie` do.

    They read what `vigie` says, which is not to depend on who runs them.
    """
    settings.load_connections(paths.CONNECTIONS)
    os.environ["LC_ALL"] = "C.UTF-8"


@pytest.fixture(scope="session")
def connection_values() -> dict[str, str]:
    """The servers' addresses, as in `.local/connections.env`."""
    values = connections.read(paths.CONNECTIONS)
    assert values, f"{paths.CONNECTIONS} is missing: `make servers` writes it"
    grounds.sweep(values)
    return values


@pytest.fixture(scope="session")
def databases(connection_values: dict[str, str]) -> Iterator[Databases]:
    """Makes databases."""
    made = Databases(connection_values)
    made.sweep()
    yield made
    made.close()


@pytest.fixture
def database(databases: Databases) -> Iterator[Callable[[str], str]]:
    """`database(service)`: the address of a fresh database with its tables, for this test alone."""
    urls: list[str] = []

    def create(service: str) -> str:
        urls.append(databases.create(service))
        return urls[-1]

    yield create
    wrong = [problem for url in urls for problem in told.wrong(url)]
    for url in urls:
        databases.drop(url)
    assert not wrong, "told against the contract"


@pytest.fixture(scope="session")
def make_ground(
    connection_values: dict[str, str], databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Ground]:
    """`make_ground()`: a vhost, four databases, a bucket and a mailbox that nobody else has; close it."""
    return lambda: Ground(connection_values, databases, tmp_path_factory.mktemp("ground"))


@pytest.fixture(scope="session")
def ground(make_ground: Callable[[], Ground]) -> Iterator[Ground]:
    """The worker's own ground."""
    with make_ground() as own:
        yield own


@pytest.fixture(scope="session")
def system(ground: Ground) -> Iterator[System]:
    """The worker's own Vigie, running, with Gentilly set up; tests share it and must leave it running."""
    running = System(ground)
    try:
        running.start()
        running.apply_town()
        yield running
    finally:
        running.close()


@pytest.fixture
def new_system(make_ground: Callable[[], Ground]) -> Iterator[Callable[..., System]]:
    """`new_system(NAME="value", …)`: a Vigie for this test alone, not started yet."""
    made: list[System] = []

    def create(**extra: str) -> System:
        made.append(System(make_ground(), **extra))
        return made[-1]

    yield create
    for system in made:
        system.close()
        system.ground.close()


@pytest.fixture
def mail_folder(ground: Ground) -> Path:
    """Where the mails of the worker's Vigie are kept."""
    return ground.mailbox.folder
