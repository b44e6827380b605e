"""What the environment gives wins over the local servers; a sourced connections.env gives nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.local import connections
from deploy.local.connections import as_user
from shared.settings import SERVICES, WEBS


class Known:
    """Passwords that a test can foretell."""

    def of(self, name: str) -> str:
        return f"secret-of-{name}"


SERVERS = {
    "ADMIN_DATABASE_URL": "postgresql://postgres:p@127.0.0.1:20001/postgres",
    "ADMIN_AMQP_URL": "amqp://vigie-deployer:p@127.0.0.1:20002/vigie",
}
PORTS = {name: 20011 + place for place, name in enumerate(connections.PORTS)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "connections.env"


def test_each_service_has_its_own_role_database_user_and_port() -> None:
    values = connections.derived(SERVERS, Known(), PORTS)
    assert values["ROUTING_DATABASE_URL"] == (
        "postgresql://vigie_routing:secret-of-vigie_routing@127.0.0.1:20001/vigie_routing"
    )
    assert values["ROUTING_AMQP_URL"] == "amqp://vigie-routing:secret-of-vigie-routing@127.0.0.1:20002/vigie"
    assert values["ROUTING_URL"] == "http://127.0.0.1:20012"
    assert len({values[f"{s.upper()}_DATABASE_URL"] for s in SERVICES}) == 4


def test_a_web_process_has_an_address_and_a_role_of_its_own_in_the_same_database() -> None:
    values = connections.derived(SERVERS, Known(), PORTS)
    assert values["ROUTING_WEB_DATABASE_URL"] == (
        "postgresql://vigie_routing_web:secret-of-vigie_routing_web@127.0.0.1:20001/vigie_routing"
    )
    addresses = {values[f"{s.upper()}_{kind}"] for s in SERVICES for kind in ("URL", "WORKER_URL")}
    assert len(addresses) == len(SERVICES) + len(WEBS)


def test_a_service_without_pages_is_its_worker_wherever_that_is() -> None:
    for given in ({}, {"NOTIFICATION_URL": "http://127.0.0.1:9001"}):
        values = connections.derived(SERVERS | given, Known(), PORTS)
        assert values["NOTIFICATION_WORKER_URL"] == values["NOTIFICATION_URL"]
    assert values["NOTIFICATION_URL"] == "http://127.0.0.1:9001"


def test_every_derived_value_may_be_given_instead() -> None:
    assert set(connections.derived(SERVERS, Known(), PORTS)) <= connections.names_of_values()


def test_the_file_is_private_and_reads_back(file: Path) -> None:
    connections.write(file, SERVERS, {})
    assert file.stat().st_mode & 0o777 == 0o600
    assert connections.read(file) == SERVERS


def test_a_value_of_the_environment_is_given(file: Path) -> None:
    connections.write(file, {"S3_URL": "http://local"}, {})
    assert connections.given({"S3_URL": "https://objects.example", "HOME": "/"}, file) == {
        "S3_URL": "https://objects.example"
    }


def test_a_sourced_file_gives_nothing(file: Path) -> None:
    connections.write(file, SERVERS, {})
    assert connections.given(connections.read(file), file) == {}


def test_what_was_given_stays_given_when_it_is_said_again(file: Path) -> None:
    given = {"S3_URL": "https://objects.example"}
    connections.write(file, SERVERS, given)
    assert connections.given(given, file) == given


def test_the_file_says_in_words_what_was_given_and_is_silent_where_nothing_was(file: Path) -> None:
    connections.write(file, SERVERS, {})
    assert "GIVEN" not in file.read_text()
    connections.write(file, SERVERS, {"S3_URL": "https://objects.example"})
    *_, about, given = file.read_text().splitlines()
    assert given == "VIGIE_GIVEN=S3_URL"
    assert about.startswith("# These were given in the environment")


def test_a_place_on_the_screen_has_no_password() -> None:
    assert connections.place("amqp://ada:pw@127.0.0.1:5672/vigie") == "amqp://127.0.0.1:5672"
    assert connections.place("http://127.0.0.1:8001") == "http://127.0.0.1:8001"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (None, "amqps://ada:pw@mq.example:5671/town?heartbeat=5"),
        ("/other", "amqps://ada:pw@mq.example:5671/other?heartbeat=5"),
    ],
)
def test_as_user_changes_who_and_nothing_else(path: str | None, expected: str) -> None:
    assert as_user("amqps://root:x@mq.example:5671/town?heartbeat=5", "ada", "pw", path) == expected
