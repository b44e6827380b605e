"""A second checkout beside this one: started, killed, cut off, stopped."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from deploy.local import connections, paths, ports, process, rabbitmq, wait

SERVERS = ("postgres", "rabbitmq", "objects", "mail")


class Checkout:
    """A copy of what the local stack needs, with this one's virtual environment."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("deploy", "shared"):
            shutil.copytree(paths.ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        (root / ".venv").symlink_to(paths.VENV)

    def popen(self, command: str) -> subprocess.Popen[str]:
        """`python -m deploy.local COMMAND`, which must not take this checkout's servers for given ones."""
        env = {name: value for name, value in os.environ.items() if name not in connections.names_of_values()}
        argv = [str(self.root / ".venv" / "bin" / "python"), "-m", "deploy.local", command]
        pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(argv, cwd=self.root, env=env, text=True, **pipes)

    def run(self, command: str, code: int = 0) -> str:
        """Run it to its end, with this exit status; what it printed.

        Would hang if a server held on to our end of the pipe.
        """
        with self.popen(command) as running:
            printed, _ = running.communicate(timeout=120)
        assert running.returncode == code, printed
        return printed

    def values(self) -> dict[str, str]:
        return connections.read(self.root / ".local" / "connections.env")

    def pids(self) -> dict[str, int]:
        return {name: int((self.root / ".local" / "run" / f"{name}.pid").read_text()) for name in SERVERS}

    def ports(self) -> dict[str, int]:
        known: dict[str, int] = json.loads((self.root / ".local" / "ports.json").read_text())
        return known


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """The other checkout, its servers running; its data are deleted in the end."""
    checkout = Checkout(tmp_path_factory.mktemp("checkout"))
    checkout.run("servers")
    yield checkout
    checkout.run("reset")


def answering(values: dict[str, str]) -> bool:
    """Do database and broker let us in?"""
    psycopg.connect(values["ADMIN_DATABASE_URL"]).close()
    return rabbitmq.answers(values["ADMIN_API_URL"])


def working_in(folder: Path) -> list[int]:
    """The processes whose folder lies in this one."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if process.folder_of(pid).is_relative_to(folder)]


def test_two_checkouts_run_side_by_side(second: Checkout, connection_values: dict[str, str]) -> None:
    assert answering(second.values())
    assert answering(connection_values)
    ours = set(json.loads(paths.PORTS.read_text()).values())
    assert not ours & set(second.ports().values())


def test_starting_again_leaves_alone_what_runs(second: Checkout) -> None:
    before = second.pids()
    assert "starting" not in second.run("servers")
    assert second.pids() == before


@pytest.mark.parametrize(
    ("server", "pattern", "made_by"),
    [
        (
            "rabbitmq",
            "mnesia/*-feature_flags",
            {"3": "['rabbitmq_4.0.0']", "4": "[quorum_queue,stream_queue]"},
        ),
        ("postgres", "PG_VERSION", {"": "9\n"}),
    ],
)
def test_data_of_another_release_are_named_with_the_cure(
    second: Checkout, server: str, pattern: str, made_by: dict[str, str]
) -> None:
    [file] = process.folder_of(second.pids()[server]).glob(pattern)
    second.run("down")
    ours = file.read_text()
    file.write_text(next(text for major, text in made_by.items() if major in ("", _rabbitmq())))
    printed = second.run("servers", code=1)
    file.write_text(ours)
    assert re.search(rf"The data in {file.parents[1 if server == 'rabbitmq' else 0]} were made by", printed)
    assert "`make reset` to begin anew" in printed
    second.run("servers")
    assert answering(second.values())


def _rabbitmq() -> str:
    """The major release that is installed."""
    [folder] = Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*")
    return folder.name.rpartition("-")[2][0]


def test_each_role_enters_its_own_database_only(second: Checkout) -> None:
    values = second.values()
    psycopg.connect(values["INTAKE_DATABASE_URL"]).close()
    for other in ("vigie_routing", "postgres", "template1"):
        stranger = values["INTAKE_DATABASE_URL"].removesuffix("vigie_intake") + other
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(stranger)


def test_after_kill_9_of_every_server_they_start_again_with_their_data(second: Checkout) -> None:
    with psycopg.connect(second.values()["INTAKE_DATABASE_URL"]) as connection:
        connection.execute("create table mark as select 'kept' as word")
    for pid in second.pids().values():
        os.kill(pid, signal.SIGKILL)
    second.run("servers")
    assert answering(second.values())
    with psycopg.connect(second.values()["INTAKE_DATABASE_URL"]) as connection:
        assert connection.execute("select word from mark").fetchone() == ("kept",)


def test_a_killed_node_leaves_no_port_mapper_behind(second: Checkout) -> None:
    before = second.ports()["rabbitmq-epmd"]
    os.kill(second.pids()["rabbitmq"], signal.SIGKILL)
    second.run("servers")
    assert second.ports()["rabbitmq-epmd"] == before, "the old one was ended, so its port was free"
    os.kill(second.pids()["rabbitmq"], signal.SIGKILL)
    second.run("down")
    assert second.ports()["rabbitmq-epmd"] == before
    assert ports.free(before)
    second.run("servers")


def test_status_says_what_runs_and_where_and_no_password(second: Checkout) -> None:
    values, lines = second.values(), second.run("status", code=3).splitlines()
    said = {line.split()[0]: line for line in lines}
    addresses = {"postgres": "ADMIN_DATABASE_URL", "rabbitmq": "ADMIN_AMQP_URL", "objects": "S3_URL"}
    for name, variable in addresses.items():
        assert f"runs, process {second.pids()[name]} " in said[name]
        assert connections.place(values[variable]) in said[name]
    assert connections.place(values["ADMIN_API_URL"]) in said["rabbitmq"]
    assert said["intake"].split() == ["intake", "does", "not", "run"]
    assert lines == [line.rstrip() for line in lines]
    secrets = {urlsplit(url).password for url in values.values() if "@" in url}
    assert not [secret for secret in secrets if secret and secret in "".join(lines)]


def test_servers_whose_records_are_lost_are_replaced(second: Checkout) -> None:
    before, lost = second.pids(), ("postgres", "objects", "mail")
    for name in lost:
        (second.root / ".local" / "run" / f"{name}.pid").unlink()
    second.run("servers")
    assert answering(second.values())
    assert [name for name in SERVERS if process.alive(before[name])] == ["rabbitmq"]


def test_a_start_that_was_killed_can_be_started_again(second: Checkout) -> None:
    second.run("down")
    with second.popen("servers") as cut:
        started = second.root / ".local" / "run" / "rabbitmq.pid"
        assert wait.until(lambda: started.exists() and started.read_text(), 30)
        cut.kill()
    second.run("servers")
    assert answering(second.values())


def test_down_leaves_nothing_running(second: Checkout) -> None:
    data, taken = Path(f"/proc/{second.pids()['postgres']}/cwd").readlink().parents[1], second.ports()
    assert working_in(data)
    second.run("down")
    assert not working_in(data)
    assert wait.until(lambda: not [name for name, port in taken.items() if not ports.free(port)], 5), (
        "epmd too"
    )
    assert not list((second.root / ".local" / "run").iterdir())


def test_what_cannot_be_had_is_said_with_what_to_do(second: Checkout) -> None:
    env = {"PATH": os.environ["PATH"], "ADMIN_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/postgres"}
    argv = [sys.executable, "-m", "deploy.local", "servers"]
    done = subprocess.run(
        argv, cwd=second.root, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1
    assert "PostgreSQL at 127.0.0.1:9 does not let us in." in done.stderr
    assert "→ Check ADMIN_DATABASE_URL" in done.stderr
