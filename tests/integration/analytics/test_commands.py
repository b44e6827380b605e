"""`vigie analytics`: what an operator sees of the counts."""

from __future__ import annotations

import json
from collections import Counter as Multiset

import pytest
from click.testing import CliRunner, Result

from services.analytics import commands
from tests.support import reports

from .counter import OWN, Counter


@pytest.fixture(autouse=True)
def _connected(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYTICS_DATABASE_URL", counter.url)


def _vigie(*arguments: str) -> Result:
    return CliRunner().invoke(commands.analytics, arguments)


def test_counts_say_who_did_what_how_often(counter: Counter) -> None:
    events = reports.stories(30)
    counter.take(events)
    found = json.loads(_vigie("counts", "gentilly", "--json").output)
    assert found["happened"] == Multiset(event.type.split(".")[1] for event in events)
    assert found["equal_to_facts"] is True
    assert sum(count["n"] for count in found["counts"]) == len(events)
    (submitted,) = (count for count in found["counts"] if count["happened"] == "submitted")
    assert submitted == {"happened": "submitted", "target_kind": None, "target": None, "n": 30}


def test_counts_for_a_person_to_read(counter: Counter) -> None:
    counter.take([reports.event("routed"), reports.event("routed"), reports.event("triaged")])
    assert _vigie("counts", "gentilly").output.splitlines() == [
        "gentilly: 3 faits",
        "       2  confié à un service    service voirie",
        "       1  en régulation",
    ]
    assert _vigie("counts", "gentilly", "--language", "en").output.splitlines() == [
        "gentilly: 3 facts",
        "       2  given to a department  department voirie",
        "       1  in triage",
    ]


def test_one_fact_is_one(counter: Counter) -> None:
    counter.take([reports.event("routed")])
    assert _vigie("counts", "gentilly").output.startswith("gentilly: 1 fait\n")


def test_counts_that_are_wrong_are_seen_and_made_anew(counter: Counter) -> None:
    counter.take(reports.stories(30))
    before = sorted(counter.dump(*OWN).splitlines())
    counter.run("update tally set n = n + 1 where happened = 'submitted'")
    counter.run("delete from cell_month")
    wrong = _vigie("counts", "gentilly")
    assert wrong.exit_code == 1
    assert "vigie analytics rebuild" in wrong.output
    assert _vigie("rebuild", "gentilly").exit_code == 0
    assert sorted(counter.dump(*OWN).splitlines()) == before
    assert _vigie("counts", "gentilly").exit_code == 0


@pytest.mark.parametrize("command", ["counts", "rebuild"])
def test_a_town_of_which_nothing_was_counted(command: str) -> None:
    result = _vigie(command, "gentily")
    assert result.exit_code == 1
    assert "nothing has been counted for the town gentily" in result.output


def test_without_its_database_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANALYTICS_DATABASE_URL")
    result = _vigie("counts", "gentilly")
    assert result.exit_code == 1
    assert "ANALYTICS_DATABASE_URL is not set" in result.output
    monkeypatch.setenv("ANALYTICS_DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none")
    result = _vigie("counts", "gentilly")
    assert result.exit_code == 1
    assert "secret" not in result.output


def test_says_how_many_events_of_a_report_are_counted(counter: Counter) -> None:
    events = [reports.event("submitted"), reports.event("routed")]
    counter.take(events[:1])
