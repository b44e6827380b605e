"""What the operator is told when a database is not as a command needs it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from deploy.local import ports
from shared.commands.events import events
from shared.commands.parked import parked
from shared.settings import SERVICES


def _printed(url: str, *arguments: str) -> str:
    env = {f"{service.upper()}_DATABASE_URL": url for service in SERVICES}
    command = events if arguments[0] == "resend" else parked
    result = CliRunner().invoke(command, arguments, env=env)
    assert result.exit_code == 1, result.output
    return result.output


@pytest.mark.parametrize("arguments", [("list",), ("drop", "--all"), ("resend", "--since", "1h")])
def test_a_database_without_tables_is_said_in_a_line(
    connection_values: dict[str, str], arguments: tuple[str, ...]
) -> None:
    printed = _printed(connection_values["ADMIN_DATABASE_URL"], *arguments)
    assert printed == "Error: the database of intake lacks tables: vigie db migrate intake\n"


def test_a_database_that_is_away_is_said_in_a_line() -> None:
    place = f"127.0.0.1:{ports.pick(besides=set())}"
    printed = _printed(f"postgresql://x:secret@{place}/x", "list")
    named = f"{place} (INTAKE_DATABASE_URL)"
    assert printed == f"Error: the database of intake cannot be reached at {named}; is it up? (make up)\n"
