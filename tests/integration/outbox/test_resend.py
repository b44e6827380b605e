"""`vigie events resend`: the same facts again, with their own ids; the inbox knows them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from shared.commands.events import events
from tests.integration.outbox.telling import relay, tell
from tests.support.lab import Lab


@pytest.fixture
def environment(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in lab.probe.values.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("environment")
def test_what_was_told_is_told_again_in_order_with_its_own_ids(lab: Lab) -> None:
    told = tell(lab, ("a", 1), ("b", 1), ("a", 2))
    one = relay(lab)
    one.drain()
    first = lab.probe.told()
    printed = CliRunner().invoke(events, ["resend", "--since", "1h", "--service", "routing"])
    assert printed.stdout == "routing: 3 events told again\n"
    one.drain()
    again = lab.probe.told()
    assert (
        {event["id"] for event in again} == {event["id"] for event in first} == {event.id for event in told}
    )
    assert sorted(again, key=lambda e: e["id"]) == sorted(first, key=lambda e: e["id"])
    assert [e["sequence"] for e in again if e["subject"] == "a"] == ["0000000001", "0000000002"]


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("since", "town", "count"), [("1h", "arcueil", 0), ("0m", "gentilly", 0), ("1h", "gentilly", 1)]
)
def test_only_since_a_moment_and_only_of_a_town(lab: Lab, since: str, town: str, count: int) -> None:
    tell(lab, ("a", 1))
    arguments = ["resend", "--since", since, "--service", "routing", "--town", town]
    assert CliRunner().invoke(events, arguments).stdout == f"routing: {count} events told again\n"


@pytest.mark.usefixtures("environment")
def test_a_moment_may_be_a_date_with_a_zone_or_not(lab: Lab) -> None:
    tell(lab, ("a", 1))
    hour_ago, tomorrow = (datetime.now(UTC) + timedelta(hours=h) for h in (-1, 24))
    for since, count in ((hour_ago.isoformat(), 1), (tomorrow.date().isoformat(), 0), ("soon", None)):
        printed = CliRunner().invoke(events, ["resend", "--since", since, "--service", "routing"])
        assert (printed.exit_code == 0) == (count is not None)
        if count is not None:
            assert printed.stdout == f"routing: {count} events told again\n"


@pytest.mark.usefixtures("environment")
def test_a_stopped_resend_has_told_whole_steps_and_goes_on_from_what_it_printed(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.commands.events.STEP", 2)
    told = [tell(lab, ("a", n))[0] for n in range(7)]
    relay(lab).drain()
    with lab.probe.connect() as conn:
        conn.execute(_CUT.format(told[5].id))
    stopped = CliRunner().invoke(events, ["resend", "--since", "1h", "--service", "routing"])
    assert stopped.exit_code == 1
    assert stopped.stdout == ""
    assert _outbox(lab) == [event.id for event in told[:4]], "two steps, and nothing of the third"
    assert lab.probe.one("select count(distinct xmin::text) from outbox") == 2
    moment = re.findall("4 of 7, up to (.+)", stopped.stderr)[0]
    with lab.probe.connect() as conn:
        conn.execute("drop trigger cut on outbox")
    went_on = CliRunner().invoke(events, ["resend", "--since", moment, "--service", "routing"])
    assert went_on.stdout == "routing: 4 events told again\n"
    assert _outbox(lab) == [event.id for event in [*told[:4], *told[3:]]]


# The connection goes when this event comes to the outbox.
_CUT = """
create function cut() returns trigger language plpgsql as
  $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
create trigger cut before insert on outbox for each row when (new.event_id = '{}') execute function cut();
"""


def _outbox(lab: Lab) -> list[str]:
    return [id_ for (id_,) in lab.probe.rows("select event_id::text from outbox order by id")]
