"""`vigie report list`: what an operator finds without a reference; no service runs."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from click.testing import CliRunner, Result

from services.routing.commands.reports import list_command

from .cases import HOUR, NOW, stored_case
from .conftest import Town


@pytest.fixture
def town(essai: Town) -> Town:
    """A town with a case of every sort."""
    assert essai.apply().exit_code == 0
    stored_case(essai, 1, "triage", "triage")
    stored_case(essai, 2, "routed", acknowledge_by=NOW - HOUR, resolve_by=NOW + HOUR)
    stored_case(essai, 3, "acknowledged", acknowledge_by=NOW - HOUR, resolve_by=NOW + HOUR)
    stored_case(essai, 4, "planned", resolve_by=NOW - HOUR)
    stored_case(essai, 5, "forwarded", "authority/region", resolve_by=NOW + HOUR)
    stored_case(essai, 6, "routed", "department/jardins", resolve_by=NOW + HOUR)
    stored_case(essai, 7, "resolved", resolve_by=NOW - HOUR)
    stored_case(essai, 8, "declined", "department/jardins")
    return essai


def _list(town: Town, *arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(list_command, [town.slug, *arguments], env=town.values)
    assert result.exit_code == code, result.output
    return result


def _numbers(town: Town, *arguments: str) -> list[int]:
    found = json.loads(_list(town, *arguments, "--json").stdout)
    return [int(row["reference"][-1]) for row in found]


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ((), [6, 5, 4, 3, 2, 1]),
        (("--state", "all"), [8, 7, 6, 5, 4, 3, 2, 1]),
        (("--state", "triage"), [1]),
        (("--state", "routed"), [6, 2]),
        (("--state", "resolved"), [7]),
        (("--state", "overdue"), [4, 2]),
        (("--state", "stranded"), [6, 5]),
        (("--department", "voirie"), [4, 3, 2]),
        (("--department", "jardins"), [6]),
        (("--department", "jardins", "--state", "all"), [8, 6]),
        (("--department", "voirie", "--state", "stranded"), []),
        (("--limit", "2"), [6, 5]),
        (("--limit", "2", "--after", "ESS-0000-0005"), [4, 3]),
        (("--after", "ess00000002"), [1]),
    ],
)
def test_the_oldest_come_first_and_only_those_that_are_asked_for(
    town: Town, arguments: tuple[str, ...], numbers: list[int]
) -> None:
    assert _numbers(town, *arguments) == numbers


def test_a_program_gets_where_each_is_and_nothing_of_who_sent_it(town: Town) -> None:
    [found] = json.loads(_list(town, "--state", "overdue", "--limit", "1", "--json").stdout)
    assert set(found) == {
        *("reference", "id", "kind", "category", "opened_at", "state", "target"),
        *("acknowledge_by", "resolve_by", "overdue"),
    }
    assert found["target"] == {"kind": "department", "id": "voirie"}
    assert found["overdue"] == ["resolve"]
    assert datetime.fromisoformat(found["opened_at"]) == NOW - 4 * HOUR
    assert "Ada" not in _list(town, "--state", "all").output


def test_people_get_a_line_for_each_in_their_language(town: Town) -> None:
    french = _list(town, "--state", "overdue", "--language", "fr").stdout.splitlines()
    assert "planifié : voirie; traitement en retard" in french[0]
    assert "confié à un service : voirie; prise en compte en retard" in french[1]
    assert french[2] == "(heures de Europe/Paris)"
    english = _list(town, "--state", "triage", "--language", "en").stdout
    assert english.startswith("ESS-0000-0001  ")
    assert "rue/trou" in english
    assert "in triage\n" in english


def test_it_says_how_to_go_on(town: Town) -> None:
    more = _list(town, "--limit", "2", "--language", "en")
    assert "there are more: --after ESS-0000-0005\n" in more.stderr
    assert "more" not in _list(town, "--limit", "6", "--language", "en").stderr


def test_none_is_said_and_what_is_not_there_is_told(town: Town) -> None:
    assert _list(town, "--department", "voirie", "--state", "triage").stdout == "aucun signalement\n"
    told = _list(town, "--department", "voiri", code=1).output
    assert f"{town.slug} has no department 'voiri'; did you mean 'voirie'?" in told
    assert "has the reference ESS-9999-9999" in _list(town, "--after", "ESS-9999-9999", code=1).output
    nowhere = CliRunner().invoke(list_command, ["nowhere"], env=town.values)
    assert nowhere.exit_code == 1
    assert "no town is called nowhere; there is: " in nowhere.output
