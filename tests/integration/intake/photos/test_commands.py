"""`vigie intake key`: giving front ends their keys, and taking them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import psycopg
import pytest
from click.testing import CliRunner, Result

from services.intake.commands.keys import key
from services.intake.store import photos as repository
from services.intake.store.photos import Owner
from shared import towns

VALUE = "a-key-of-the-tests-0123456789"
TOOLS = [
    {"user": "front-web", "role": "front_end"},
    {"user": "front-app", "role": "front_end"},
    {"user": "desk", "role": "agent"},
]


@pytest.fixture
def url(database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Intake's database as the command finds it, with two towns."""
    made = database("intake")
    monkeypatch.setenv("INTAKE_DATABASE_URL", made)
    with psycopg.connect(made) as conn:
        for town in ("gentilly", "arcueil"):
            towns.keep(conn, town, {"version": 1, "tools": TOOLS})
    return made


def _run(arguments: Sequence[str]) -> Result:
    return CliRunner().invoke(key, arguments)


def _owner(url: str, value: str) -> Owner | None:
    with psycopg.connect(url) as conn:
        return repository.key_owner(conn, value)


def test_new_key_is_printed_once_and_works(url: str) -> None:
    printed = [_run(["gentilly", "front-web"]).output.strip() for _ in range(2)]
    assert len(set(printed)) == 2
    assert [_owner(url, value) for value in printed] == [Owner("gentilly", "front-web")] * 2


def test_given_key_is_taken_as_often_as_it_is_given(url: str) -> None:
    for _ in range(2):
        result = _run(["gentilly", "front-web", "--key", VALUE])
        assert (result.exit_code, result.output.strip()) == (0, VALUE)
    assert _owner(url, VALUE) == Owner("gentilly", "front-web")


def test_another_front_end_cannot_have_the_same(url: str) -> None:
    _run(["gentilly", "front-web", "--key", VALUE])
    result = _run(["arcueil", "front-web", "--key", VALUE])
    assert result.exit_code == 1
    assert "another front end" in result.output
    assert _owner(url, VALUE) == Owner("gentilly", "front-web")


def test_short_key_is_refused(url: str) -> None:
    assert _run(["gentilly", "front-web", "--key", "short"]).exit_code == 1


def test_revoked_keys_are_no_good_any_more(url: str) -> None:
    _run(["gentilly", "front-web", "--key", VALUE])
    assert _run(["gentilly", "front-web", "--revoke"]).output.startswith("1 key(s) revoked")
    assert _owner(url, VALUE) is None


def test_no_town_no_key(url: str) -> None:
    result = _run(["montrouge", "front-web", "--key", VALUE])
    assert (result.exit_code, _owner(url, VALUE)) == (1, None)
    assert result.output == "Error: no town is called montrouge; there is: arcueil, gentilly\n"


@pytest.mark.parametrize("user", ["front-kiosk", "desk", "Front-web"])
def test_key_is_for_front_ends_of_the_town_alone(url: str, user: str) -> None:
    result = _run(["gentilly", user, "--key", VALUE])
    assert (result.exit_code, _owner(url, VALUE)) == (1, None)
    assert result.output == f"Error: gentilly has no front end {user}; there is: front-app, front-web\n"


def test_before_any_town_is_set_up_it_says_how(
    database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTAKE_DATABASE_URL", database("intake"))
    result = _run(["gentilly", "front-web"])
    assert result.exit_code == 1
    assert "vigie town apply" in result.output


def test_town_waits_while_a_key_is_given(url: str) -> None:
    """Else a front end that is being dropped could get a key that nobody takes back."""
    with psycopg.connect(url) as giving, psycopg.connect(url) as changing:
        repository.front_ends(giving)
        changing.execute("set lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            towns.keep(changing, "gentilly", {"version": 2, "tools": []})
