"""What is missing is named with what to type, and installing starts no daemon."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from deploy.local import given, packages, paths, say, setup, venv

MISSING = {"rabbitmq-server": "no/such/file", "postgresql": "no/such/file"}


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(packages, "_UNFINISHED", tmp_path / "installing")


def test_what_is_there_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_install", pytest.fail)
    packages.ensure({"coreutils": "usr/bin/env"})


def test_an_ordinary_user_is_told_what_to_type_as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(say.Trouble, match="As root: apt-get install rabbitmq-server postgresql"):
        packages.ensure(MISSING)


@pytest.mark.parametrize(
    ("words", "named"),
    [(["servers"], "postgresql rabbitmq-server"), (["test", "servers", "browser"], "rabbitmq-server nginx")],
)
def test_what_is_missing_is_said_before_anything_is_downloaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    for variables in given.SERVERS.values():
        for variable in variables:
            monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(packages, "SERVERS", dict.fromkeys(("postgresql", "rabbitmq-server"), "no/such/file"))
    monkeypatch.setattr(packages, "BROWSER", {"coreutils": "usr/bin/env"})
    monkeypatch.setattr(packages, "WEB_SERVER", {"nginx": "no/such/file"})
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(venv, "ensure", pytest.fail)
    assert setup.main(words) == 1
    assert named in capsys.readouterr().err


def test_where_addresses_are_given_no_server_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    addresses = {"ADMIN_AMQP_URL": "amqp://x", "ADMIN_API_URL": "http://x"}
    assert packages.of_servers(given.servers_given(addresses, tmp_path / "none")).keys() == {"postgresql"}
    assert packages.of_servers({}).keys() == {"postgresql", "rabbitmq-server"}


def test_each_command_that_starts_servers_looks_for_their_packages_first() -> None:
    recipes = re.findall(
        r"^([\w-]+):(.*)\n((?:\t.*\n)+)", (paths.ROOT / "Makefile").read_text(), re.MULTILINE
    )
    looks = {name for name, _, recipe in recipes if re.search(r"deploy\.local\.setup.* servers", recipe)}
    starting = {n: needs.split() for n, needs, r in recipes if re.search(r"LOCAL\) (servers|up|run)", r)}
    assert {"up", "run", "demo", "servers", "test", "bench"} <= starting.keys()
    assert [name for name, needs in starting.items() if not looks & set(needs)] == []


def test_elsewhere_than_on_debian_servers_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(say.Trouble, match=r"not a Debian system(.|\n)*deploy/README\.md"):
        packages.ensure(MISSING)


def test_an_installation_that_was_cut_off_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(packages, "_install", done.extend)
    monkeypatch.setattr(packages, "_check_able", lambda names: None)
    packages._UNFINISHED.touch()
    packages.ensure({"coreutils": "usr/bin/env"})
    assert done == ["coreutils"]
    assert not packages._UNFINISHED.exists()


def test_while_packages_are_installed_no_daemon_may_start() -> None:
    with packages.no_daemons():
        assert packages._POLICY.read_text().endswith("exit 101\n")
        assert packages._POLICY.stat().st_mode & 0o111
    assert not packages._POLICY.exists()


def test_the_machine_s_own_policy_is_left_alone() -> None:
    packages._POLICY.write_text("#!/bin/sh\nexit 0\n")
    with packages.no_daemons():
        assert packages._POLICY.read_text() == "#!/bin/sh\nexit 0\n"
    assert packages._POLICY.exists()


@pytest.mark.parametrize("version", [(3, 10, 12), (3, 15, 0)])
def test_a_python_that_is_not_supported_is_refused(
    version: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(say.Trouble, match=r"3\.11 to 3\.14 are(.|\n)*make PYTHON="):
        venv.ensure([])
