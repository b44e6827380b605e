"""In one turn, nothing is published behind something of the same subject that may be refused."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.outbox.relay import Row, turns

ROUTES = st.sampled_from(["events", "desk"])
ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["s", "t", "u", None]), st.integers(0, 3), ROUTES)
)


@given(ROWS)
def test_every_row_has_its_turn_and_each_subjects_events_come_one_by_one(
    told: list[tuple[str, str | None, int, str]],
) -> None:
    rows = [
        Row(n, town, str(e), s, exchange, "k", "t", "{}") for n, (town, s, e, exchange) in enumerate(told)
    ]
    groups = turns(rows)
    assert sorted(row.id for group in groups for row in group) == [row.id for row in rows]
    for subject in {row.key for row in rows if row.subject is not None}:
        own = [[row for row in group if row.key == subject] for group in groups]
        assert [row.id for group in own for row in group] == [row.id for row in rows if row.key == subject]
        assert all(len({row.event_id for row in group}) <= 1 for group in own)
    assert all(groups)


@given(ROWS)
def test_no_more_turns_than_the_busiest_subject_has_events(
    told: list[tuple[str, str | None, int, str]],
) -> None:
    rows = [
        Row(n, town, str(n), s, exchange, "k", "t", "{}") for n, (town, s, _, exchange) in enumerate(told)
    ]
    counts = [sum(r.key == key for r in rows) for key in {r.key for r in rows if r.subject is not None}]
    assert len(turns(rows)) == max(counts, default=1 if rows else 0)
