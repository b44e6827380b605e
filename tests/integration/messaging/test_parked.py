"""`vigie parked`: list, show, replay and drop, over all services' tables."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.local import paths
from shared import ids
from shared.messaging import Park, RawMessage
from shared.messaging.retries import Retries
from tests.support import behaviours
from tests.support.lab import Calls, Lab, delivery
from tests.support.probing import Probe, fact
from tests.support.system import wait_until

from .parking import park


def test_the_list_is_one_array_over_all_services(lab: Lab, vigie: Any) -> None:
    id_ = park(lab, b"{}", message_id="m", type="report.submitted.v1")
    (row,) = json.loads(vigie("list", "--json").stdout)
    assert row["parked_at"]
    assert {k: v for k, v in row.items() if k != "parked_at"} == {
        "id": id_,
        "service": "routing",
        "queue": "routing.events",
        "town": "gentilly",
        "type": "report.submitted.v1",
        "message_id": "m",
        "sender": "vigie-intake",
        "cause": "for a test",
        "bytes": 2,
    }
    line, number = vigie("list").stdout.splitlines()
    parked_at = datetime.fromisoformat(row["parked_at"]).astimezone(UTC)
    assert f"{id_}  {parked_at:%Y-%m-%d %H:%M:%S} UTC  routing.events " in line
    assert number == "1 parked"


def test_nothing_parked_is_an_empty_array(vigie: Any) -> None:
    assert json.loads(vigie("list", "--json").stdout) == []


def test_what_failed_is_replayed_after_the_cure_and_done_once(probe: Probe, lab: Lab, vigie: Any) -> None:
    probe.start_ready()
    sent = [fact("raise" if n == 50 else "count") for n in range(100)]
    probe.publish(sent)
    wait_until(probe.parked)
    wait_until(lambda: len(probe.effects()) == 99)
    (row,) = json.loads(vigie("list", "--json").stdout)
    assert row["cause"].startswith("RuntimeError at tests/support/behaviours.py")
    vigie("replay", row["id"])
    wait_until(lambda: probe.parked() and probe.rows("select from retry") == [], what="it fails again")
    assert len(probe.effects()) == 99
    probe.cure()
    (row,) = json.loads(vigie("list", "--json").stdout)
    vigie("replay", "--all")
    probe.await_effects(sent)
    assert (probe.parked(), probe.rows("select from retry")) == ([], [])


def test_drop_forgets_one_and_leaves_the_others(lab: Lab, vigie: Any) -> None:
    first, second = park(lab, b"1"), park(lab, b"2")
    vigie("drop", first)
    assert [row["id"] for row in json.loads(vigie("list", "--json").stdout)] == [second]
    assert lab.table("retry") == []


@pytest.mark.parametrize("typed", ["n\n", "\n", "no\n"])
def test_all_are_dropped_only_by_who_says_yes(lab: Lab, vigie: Any, typed: str) -> None:
    kept = [park(lab, b"1"), park(lab, b"2")]
    refused = vigie("drop", "--all", typed=typed, code=1)
    assert "Forget 2 parked messages for good? [y/N]" in refused.stderr
    assert {row["id"] for row in lab.table("parked")} == set(kept)
    unanswered = vigie("drop", "--all", typed="", code=1)
    assert "nobody answers; nothing was done: say --yes" in unanswered.stderr
    assert {row["id"] for row in lab.table("parked")} == set(kept)
    vigie("drop", "--all", typed="y\n")
    assert lab.table("parked") == []


def test_yes_is_not_asked_and_neither_is_who_drops_nothing(lab: Lab, vigie: Any) -> None:
    park(lab, b"1")
    assert vigie("drop", "--all", "--yes", typed="n\n").stderr == ""
    assert vigie("drop", "--all", typed="n\n").output == "0 dropped, 0 gone meanwhile\n"


@pytest.mark.parametrize(
    ("command", "done"), [(["drop", "--yes"], "dropped"), (["replay"], "replayed")], ids=["drop", "replay"]
)
def test_all_leaves_out_what_somebody_else_takes_meanwhile(
    lab: Lab, vigie: Any, command: list[str], done: str
) -> None:
    first, second, third = (park(lab, b"1") for _ in range(3))
    with lab.probe.connect() as conn:
        conn.execute(_TAKEN.format(first, second))
    lines = vigie(*command, "--all").stdout.splitlines()
    assert lines == [
        f"{first} {done} (routing)",
        f"{second} is gone meanwhile (routing)",
        f"{third} {done} (routing)",
        f"2 {done}, 1 gone meanwhile",
    ]
    assert lab.table("parked") == []


# Somebody else takes the second message while the first is being dropped or replayed.
_TAKEN = """
create function take() returns trigger language plpgsql as
  $$ begin delete from parked where id = '{1}'; return null; end $$;
create trigger taken after delete on parked for each row when (old.id = '{0}') execute function take();
"""


def test_drop_and_replay_want_names_or_all_and_know_what_is_not_there(lab: Lab, vigie: Any) -> None:
    id_ = park(lab, b"1")
    for command in ("drop", "replay"):
        assert "--all" in vigie(command, code=2).output
        assert "--all" in vigie(command, id_, "--all", code=2).output
        assert "no parked message" in vigie(command, ids.new_id(), code=1).output
        assert "not a valid UUID" in vigie(command, "12", code=2).output
    assert len(lab.table("parked")) == 1


def test_the_real_command_does_the_same(lab: Lab) -> None:
    id_ = park(lab, b"{}")
    command = [str(paths.VENV / "bin" / "vigie"), "parked", "list", "--json"]
    done = subprocess.run(
        command, env=os.environ | lab.probe.values, capture_output=True, check=True, text=True
    )
    assert [row["id"] for row in json.loads(done.stdout)] == [id_]


def test_what_is_parked_comes_back_whole(lab: Lab, vigie: Any) -> None:
    body = b"\x00\xff not json"
    lab.take_facts([delivery(fact())])
    id_ = park(lab, body)
    vigie("replay", id_)
    (row,) = lab.table("retry")
    assert (row["id"], row["attempts"], row["consumer"]) == (id_, 0, "routing.events")
    assert row["body"] == "\\x" + body.hex()


def test_one_of_which_a_copy_is_tried_meanwhile_is_replayed_in_its_place(lab: Lab, vigie: Any) -> None:
    event = fact("reject")
    lab.take_facts([delivery(event)])
    other = park(lab, b"{}")
    _try_a_copy(lab, quiet=True)
    lab.probe.cure()
    vigie("replay", "--all")
    assert lab.table("parked") == []
    replayed = {row["id"]: row for row in lab.table("retry")}
    assert len(replayed) == 2
    assert other in replayed
    row = next(row for id_, row in replayed.items() if id_ != other)
    assert (row["attempts"], row["cause"]) == (0, "replayed")
    assert "application_headers" not in row["properties"]
    assert Retries(lab.pool, {"routing.events": lab.processor(behaviours.facts()).process}, 3).take_due() == 2
    assert (lab.probe.effects(), lab.table("retry")) == ([event.id], [])


@pytest.mark.parametrize("served", [True, False], ids=["rejected again", "queue gone"])
@pytest.mark.parametrize("copied", [True, False], ids=["a copy is tried meanwhile", "alone"])
def test_no_replay_makes_it_kept_for_longer(lab: Lab, vigie: Any, served: bool, copied: bool) -> None:
    lab.take_facts([delivery(fact("reject"))])
    process = {"routing.events": lab.processor(behaviours.facts()).process} if served else {}
    retries = Retries(lab.pool, process, 3)
    lab.probe.rows("update parked set parked_at = now() - interval '29 days' returning 1")
    (before,) = lab.table("parked")
    for _ in range(2):
        if copied:
            _try_a_copy(lab)
        vigie("replay", before["id"])
        assert retries.take_due() == 1
        (again,) = lab.table("parked")
        assert (again["id"], again["parked_at"]) == (before["id"], before["parked_at"])
    lab.probe.rows("update parked set parked_at = parked_at - interval '2 days' returning 1")
    retries.clean()
    assert lab.table("parked") == []


def test_what_comes_again_is_kept_since_it_failed_first(lab: Lab) -> None:
    """Each of two copies fails, one to be tried again, the other for good."""
    lab.take_facts([delivery(fact("raise"))])
    lab.probe.rows("update retry set failed_at = now() - interval '1 day' returning 1")
    (row,) = lab.table("retry")
    (body, properties), outcome = lab.probe.rows("select body, properties from retry")[0], Park("never")
    copy = RawMessage("routing.events", bytes(body), properties)
    lab.processor(Calls(lambda batch, _: batch.keep(copy, outcome))).process([copy])
    assert [(parked["id"], parked["parked_at"]) for parked in lab.table("parked")] == [
        (row["id"], row["failed_at"])
    ]


def _try_a_copy(lab: Lab, *, quiet: bool = False) -> None:
    """What is parked has come again, failed, and waits to be tried."""
    headers = {"application_headers": {"quiet": True}} if quiet else {}
    statement = """insert into retry (town, id, consumer, body, properties, attempts, cause, due_at)
      select town, id, consumer, body, properties || %s, 2, 'failed', now() from parked
       where consumer = 'routing.events' and cause <> 'for a test'"""
    with lab.probe.connect() as conn:
        conn.execute(statement, [json.dumps(headers)])
