"""`vigie parked`: list, show, replay and drop, over all services' tables."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from deploy.local import paths
from shared import clock, ids
from shared.commands.parked import parked
from shared.messaging import Park, RawMessage
from shared.messaging.retries import Retries
from tests.support import behaviours
from tests.support.lab import Calls, Lab, delivery
from tests.support.probing import Probe, fact
from tests.support.system import wait_until

BODY = {
    "id": "1",
    "type": "submission.sent.v1",
    "town": "gentilly",
    "data": {
        "description": "Trou devant chez Ada",
        "place": {"latitude": 48.81371},
        "citizen": {"email": "ada@example.org"},
        "answers": {"Qui ? ada@example.org": "moi"},
        "photos": ["a", "b"],
        "consent": {"share_contact": True},
    },
}


@pytest.fixture
def vigie(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in lab.probe.values.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, code: int = 0, typed: str = "") -> Result:
        result = CliRunner().invoke(parked, arguments, input=typed)
        assert result.exit_code == code, result.output
        return result

    return run


def _park(lab: Lab, body: bytes, consumer: str = "routing.events", **properties: Any) -> str:
    statement = """insert into parked (town, id, consumer, body, properties, attempts, cause)
                   values ('gentilly', %s, %s, %s, %s, 3, 'for a test')"""
    id_ = ids.new_id()
    with lab.probe.connect() as conn:
        conn.execute(statement, [id_, consumer, body, json.dumps({"user_id": "vigie-intake"} | properties)])
    return id_


def test_the_list_is_one_array_over_all_services(lab: Lab, vigie: Any) -> None:
    id_ = _park(lab, b"{}", message_id="m", type="report.submitted.v1")
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


def test_show_hides_every_value_and_raw_shows_them_and_is_noted(lab: Lab, vigie: Any) -> None:
    body = json.dumps(BODY, ensure_ascii=False)
    id_ = _park(lab, body.encode())
    shown = vigie("show", id_).stdout
    assert not [word for word in ("ada", "Ada", "Trou", "48.81", "moi") if word in shown.replace(id_, "")]
    assert json.loads(shown)["body"]["data"]["description"] == "(20 characters)"
    assert lab.table("parked_look") == []
    assert vigie("show", id_, "--raw").stdout.strip() == body
    (look,) = lab.table("parked_look")
    me = pwd.getpwuid(os.getuid()).pw_name
    assert (look["parked_id"], look["queue"], look["os_user"].split()[0]) == (id_, "routing.events", me)


@pytest.mark.parametrize(
    ("login", "suffix"),
    [("4294967295", ""), (str(os.getuid()), ""), ("1", " for daemon"), ("987654", " for 987654"), ("", "")],
)
def test_who_looks_is_what_the_kernel_says_and_not_the_environment(
    lab: Lab, vigie: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, login: str, suffix: str
) -> None:
    for name in ("SUDO_USER", "LOGNAME", "USER"):
        monkeypatch.setenv(name, "somebody-else")
    monkeypatch.setattr("shared.commands.looks.LOGIN_UID", tmp_path / "loginuid")
    (tmp_path / "loginuid").write_text(login)
    vigie("show", _park(lab, b"1"), "--raw")
    (look,) = lab.table("parked_look")
    assert look["os_user"] == pwd.getpwuid(os.getuid()).pw_name + suffix


def test_looks_outlive_the_message_and_are_listed_with_who_looked(lab: Lab, vigie: Any) -> None:
    first, second = _park(lab, b"1"), _park(lab, b"2")
    vigie("show", first, "--raw", "--name", "Grace Hopper")
    vigie("show", second, "--raw")
    vigie("drop", "--all", "--yes")
    found = json.loads(vigie("looks", "--json").stdout)
    assert [(look["message"], look["name"], look["service"]) for look in found] == [
        (first, "Grace Hopper", "routing"),
        (second, None, "routing"),
    ]
    lines = vigie("looks").stdout.splitlines()
    assert len(lines) == 2
    assert " UTC  " in lines[0]
    assert "Grace Hopper (" in lines[0]


def test_nothing_is_shown_that_cannot_be_noted(lab: Lab, vigie: Any) -> None:
    id_ = _park(lab, b"ada@example.org")
    with lab.probe.connect() as conn:
        conn.execute("drop table parked_look")
    refused = vigie("show", id_, "--raw", code=1).output
    assert "lacks tables" in refused
    assert "ada@" not in refused


def test_looks_are_forgotten_after_a_year(lab: Lab) -> None:
    old = "insert into parked_look (town, parked_id, queue, os_user, looked_at) values ('', %s, 'q', 'u', %s)"
    now = clock.now()
    with lab.probe.connect() as conn:
        for days in (364, 367):
            conn.execute(old, [ids.new_id(), now - timedelta(days=days)])
    Retries(lab.pool, {}, 0).clean()
    assert len(lab.table("parked_look")) == 1


@pytest.mark.parametrize("body", [b'"ada@example.org"', b"ada@example.org", b'["ada@example.org"]', b"\xff"])
def test_show_hides_what_is_no_object_too(lab: Lab, vigie: Any, body: bytes) -> None:
    id_ = _park(lab, body)
    assert "ada" not in vigie("show", id_).stdout.replace(id_, "")


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
    first, second = _park(lab, b"1"), _park(lab, b"2")
    vigie("drop", first)
    assert [row["id"] for row in json.loads(vigie("list", "--json").stdout)] == [second]
    assert lab.table("retry") == []


@pytest.mark.parametrize("typed", ["n\n", "\n", "no\n"])
def test_all_are_dropped_only_by_who_says_yes(lab: Lab, vigie: Any, typed: str) -> None:
    kept = [_park(lab, b"1"), _park(lab, b"2")]
    refused = vigie("drop", "--all", typed=typed, code=1)
    assert "Forget 2 parked messages for good? [y/N]" in refused.stderr
    assert {row["id"] for row in lab.table("parked")} == set(kept)
    unanswered = vigie("drop", "--all", typed="", code=1)
    assert "nobody answers; nothing was done: say --yes" in unanswered.stderr
    assert {row["id"] for row in lab.table("parked")} == set(kept)
    vigie("drop", "--all", typed="y\n")
    assert lab.table("parked") == []


def test_yes_is_not_asked_and_neither_is_who_drops_nothing(lab: Lab, vigie: Any) -> None:
    _park(lab, b"1")
    assert vigie("drop", "--all", "--yes", typed="n\n").stderr == ""
    assert vigie("drop", "--all", typed="n\n").output == "0 dropped, 0 gone meanwhile\n"


@pytest.mark.parametrize(
    ("command", "done"), [(["drop", "--yes"], "dropped"), (["replay"], "replayed")], ids=["drop", "replay"]
)
def test_all_leaves_out_what_somebody_else_takes_meanwhile(
    lab: Lab, vigie: Any, command: list[str], done: str
) -> None:
    first, second, third = (_park(lab, b"1") for _ in range(3))
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
    id_ = _park(lab, b"1")
    for command in ("drop", "replay"):
        assert "--all" in vigie(command, code=2).output
        assert "--all" in vigie(command, id_, "--all", code=2).output
        assert "no parked message" in vigie(command, ids.new_id(), code=1).output
        assert "not a valid UUID" in vigie(command, "12", code=2).output
    assert len(lab.table("parked")) == 1


def test_the_real_command_does_the_same(lab: Lab) -> None:
    id_ = _park(lab, b"{}")
    command = [str(paths.VENV / "bin" / "vigie"), "parked", "list", "--json"]
    done = subprocess.run(
        command, env=os.environ | lab.probe.values, capture_output=True, check=True, text=True
    )
    assert [row["id"] for row in json.loads(done.stdout)] == [id_]


def test_what_is_parked_comes_back_whole(lab: Lab, vigie: Any) -> None:
    body = b"\x00\xff not json"
    lab.take_facts([delivery(fact())])
    id_ = _park(lab, body)
    vigie("replay", id_)
    (row,) = lab.table("retry")
    assert (row["id"], row["attempts"], row["consumer"]) == (id_, 0, "routing.events")
    assert row["body"] == "\\x" + body.hex()


def test_one_of_which_a_copy_is_tried_meanwhile_is_replayed_in_its_place(lab: Lab, vigie: Any) -> None:
    event = fact("reject")
    lab.take_facts([delivery(event)])
    other = _park(lab, b"{}")
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
