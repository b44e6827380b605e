"""`vigie events resend`: the same facts again, with their own ids; the inbox knows them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import LiteralString

import psycopg
import pytest
from click.testing import CliRunner

from shared.commands.events import events
from tests.integration.outbox.telling import relay, tell
from tests.support.lab import Lab
from tests.support.probing import TOLD
from tests.support.system import wait_until


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
def test_what_is_told_again_to_one_service_reaches_no_other(lab: Lab) -> None:
    told = tell(lab, ("a", 1), ("b", 1), ("a", 2))
    one = relay(lab)
    one.drain()
    for queue in TOLD:
        assert len(lab.probe.told(queue)) == 3
    printed = CliRunner().invoke(events, ["resend", "--since", "1h", "--for", "analytics", "--quietly"])
    assert printed.exit_code == 0, printed.output
    one.drain()
    wait_until(lambda: lab.probe.depth("analytics.events") == 3, what="they have come")
    came = lab.fetch("analytics.events", 3)
    assert {delivery.properties["message_id"] for delivery in came} == {event.id for event in told}
    assert {(delivery.sender, delivery.quiet) for delivery in came} == {("vigie-routing", True)}
    assert [lab.probe.depth(queue) for queue in TOLD] == [0, 0, 0]


@pytest.mark.usefixtures("environment")
def test_only_what_a_service_takes_is_told_to_it_again(lab: Lab) -> None:
    tell(lab, ("a", 1))
    printed = CliRunner().invoke(events, ["resend", "--since", "1h", "--for", "routing"])
    assert printed.stdout == "intake: 0 events told again\n", "nothing of its own"


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("addressee", [(), ("--for", "intake"), ("--for", "routing")])
def test_quietly_is_for_those_who_can_be_quiet(addressee: tuple[str, ...]) -> None:
    printed = CliRunner().invoke(events, ["resend", "--since", "1h", "--quietly", *addressee])
    assert printed.exit_code == 2
    assert "--quietly needs --for notification or --for analytics" in printed.stderr


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("table", ["retry", "parked"])
def test_what_is_still_owed_never_passes_for_told(
    lab: Lab, table: str, database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fact that is to be tried again has no inbox row: the quiet copy would be taken in its place."""
    monkeypatch.setenv("NOTIFICATION_DATABASE_URL", database("notification"))
    tell(lab, ("a", 1))
    relay(lab).drain()
    with psycopg.connect(os.environ["NOTIFICATION_DATABASE_URL"]) as conn:
        conn.execute(_OWED[table])
    arguments = ["resend", "--since", "1h", "--for", "notification", "--quietly"]
    refused = CliRunner().invoke(events, arguments)
    assert refused.exit_code == 1
    assert (
        f"{int(table == 'retry')} messages to try again and {int(table == 'parked')} parked" in refused.stderr
    )
    assert _outbox(lab) == []
    with psycopg.connect(os.environ["NOTIFICATION_DATABASE_URL"]) as conn:
        conn.execute("delete from retry")
        conn.execute("delete from parked")
    assert CliRunner().invoke(events, arguments).exit_code == 0
    assert len(_outbox(lab)) == 1


_OWED: dict[str, LiteralString] = {
    "retry": """insert into retry (town, id, consumer, body, properties, attempts, cause, due_at)
                values ('gentilly', gen_random_uuid(), 'notification.events', '', '{}', 1, 'away', now())""",
    "parked": """insert into parked (town, id, consumer, body, properties, attempts, cause)
                 values ('gentilly', gen_random_uuid(), 'notification.events', '', '{}', 6, 'a fault')""",
}


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("since", "town", "count"), [("1h", "arcueil", 0), ("0h", "gentilly", 0), ("1h", "gentilly", 1)]
)
def test_only_since_a_moment_and_only_of_a_town(lab: Lab, since: str, town: str, count: int) -> None:
    tell(lab, ("a", 1))
    arguments = ["resend", "--since", since, "--service", "routing", "--town", town]
    assert CliRunner().invoke(events, arguments).stdout == f"routing: {count} events told again\n"


@pytest.mark.usefixtures("environment")
def test_a_moment_may_be_a_date_with_a_zone_or_not(lab: Lab) -> None:
    tell(lab, ("a", 1))
    hour_ago, later = (datetime.now(UTC) + timedelta(hours=h) for h in (-1, 48))
    for since, count in ((hour_ago.isoformat(), 1), (later.date().isoformat(), 0), ("soon", None)):
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
    since = datetime.fromisoformat(moment)
    left = [event for event in told if datetime.fromisoformat(event.time) >= since]
    assert left[-4:] == told[3:], "and whatever else was told in the same millisecond"
    assert went_on.stdout == f"routing: {len(left)} events told again\n"
    assert _outbox(lab) == [event.id for event in [*told[:4], *left]]


# The connection goes when this event comes to the outbox.
_CUT = """
create function cut() returns trigger language plpgsql as
  $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
create trigger cut before insert on outbox for each row when (new.event_id = '{}') execute function cut();
"""


def _outbox(lab: Lab) -> list[str]:
    return [id_ for (id_,) in lab.probe.rows("select event_id::text from outbox order by id")]
