"""Times, ids, rows and named statements."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import clock, db, ids
from shared.db import queries

ROOT = Path(__file__).resolve().parents[3]


@given(st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=5, minutes=45)))))
def test_a_time_is_utc_with_milliseconds(moment: datetime) -> None:
    text = clock.rfc3339(moment)
    assert text.endswith("Z")
    assert timedelta(0) <= moment - datetime.fromisoformat(text) < timedelta(milliseconds=1)


def test_now_is_aware_and_its_timestamp_reads_back() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(datetime.fromisoformat(clock.timestamp()) - clock.now()) < timedelta(seconds=5)


def test_new_ids_ascend_and_random_ones_do_not_tell_the_time() -> None:
    made = [ids.new_id() for _ in range(1000)]
    assert made == sorted(set(made))
    assert {uuid.UUID(i).version for i in made} == {7}
    assert uuid.UUID(ids.random_id()).version == 4


@given(st.lists(st.text(), min_size=1, max_size=3), st.lists(st.text(), min_size=1, max_size=3))
def test_derived_ids_are_equal_for_equal_parts(one: list[str], other: list[str]) -> None:
    same = "\x1f".join(one) == "\x1f".join(other)
    assert (ids.derived_id(*one) == ids.derived_id(*other)) is same


def test_rows_are_one_json_array() -> None:
    assert orjson.loads(db.rows([{"a": 1}, {"a": "é"}])) == [{"a": 1}, {"a": "é"}]
    assert db.rows([]) == "[]"


@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("s*/**/queries.sql")), ids=lambda f: str(f.parent.relative_to(ROOT))
)
def test_every_statement_has_a_name_of_its_own_and_says_what_for(file: Path) -> None:
    text = file.read_text()
    found = queries.load(".".join(file.parent.relative_to(ROOT).parts))
    assert len(found) == text.count("-- name:")
    assert [name for name, statement in found.items() if not statement.startswith("-- ")] == []
