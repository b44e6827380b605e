"""`vigie intake key`: giving front ends their keys, and taking them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import psycopg
import pytest
from click.testing import CliRunner, Result

from services.intake.photos import repository
from services.intake.photos.commands import key
from services.intake.photos.repository import Owner

VALUE = "a-key-of-the-tests-0123456789"


@pytest.fixture
def url(database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Intake's database, as the command finds it."""
    made = database("intake")
    monkeypatch.setenv("INTAKE_DATABASE_URL", made)
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
