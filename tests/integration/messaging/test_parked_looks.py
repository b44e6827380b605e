"""Who has read a parked message in full is noted, and kept for a year."""

from __future__ import annotations

import json
import os
import pwd
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared import clock, ids
from shared.messaging.retries import Retries
from tests.support.lab import Lab

from .parking import park

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


def test_show_hides_every_value_and_raw_shows_them_and_is_noted(lab: Lab, vigie: Any) -> None:
    body = json.dumps(BODY, ensure_ascii=False)
    id_ = park(lab, body.encode())
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
    vigie("show", park(lab, b"1"), "--raw")
    (look,) = lab.table("parked_look")
    assert look["os_user"] == pwd.getpwuid(os.getuid()).pw_name + suffix


def test_looks_outlive_the_message_and_are_listed_with_who_looked(lab: Lab, vigie: Any) -> None:
    first, second = park(lab, b"1"), park(lab, b"2")
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
    id_ = park(lab, b"ada@example.org")
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
    id_ = park(lab, body)
    assert "ada" not in vigie("show", id_).stdout.replace(id_, "")
