"""`vigie events resend`: the same facts again, with their own ids; the inbox knows them."""

from __future__ import annotations

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
    assert printed.output == "routing: 3 events told again\n"
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
    assert CliRunner().invoke(events, arguments).output == f"routing: {count} events told again\n"


@pytest.mark.usefixtures("environment")
def test_a_moment_may_be_a_date_with_a_zone_or_not(lab: Lab) -> None:
    tell(lab, ("a", 1))
    hour_ago, tomorrow = (datetime.now(UTC) + timedelta(hours=h) for h in (-1, 24))
    for since, count in ((hour_ago.isoformat(), 1), (tomorrow.date().isoformat(), 0), ("soon", None)):
        printed = CliRunner().invoke(events, ["resend", "--since", since, "--service", "routing"])
        assert (printed.exit_code == 0) == (count is not None)
        if count is not None:
            assert printed.output == f"routing: {count} events told again\n"
