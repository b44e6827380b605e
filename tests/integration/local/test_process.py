"""Processes are found again, ended with whatever they started, and never taken for one another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import paths, process, say, wait
from deploy.local.process import Program

SLEEP = ["sleep", "600"]


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `.local` of the test's own."""
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    for name in ("RUN", "LOG"):
        monkeypatch.setattr(paths, name, tmp_path / name)
        (tmp_path / name).mkdir()


@pytest.fixture
def sleeper() -> Iterator[Program]:
    """A program that runs."""
    program = Program("sleeper", SLEEP, dict(os.environ))
    process.start(program)
    yield program
    process.stop(program)
    reap()


def reap() -> None:
    """Wait for children that have ended, so that none stays a zombie of ours."""
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                return
        except ChildProcessError:
            return


def test_it_runs_under_the_recorded_id_in_a_session_of_its_own(sleeper: Program) -> None:
    pid = process.running("sleeper")
    assert pid == int((paths.RUN / "sleeper.pid").read_text())
    assert os.getsid(pid or 0) == pid != os.getsid(0)


def test_stop_ends_it_and_forgets_it(sleeper: Program) -> None:
    assert process.stop(sleeper)
    assert process.running("sleeper") is None
    assert not list(paths.RUN.iterdir())
    assert not process.stop(sleeper), "there is nothing to stop any more"


def test_a_killed_process_is_not_running_even_while_nobody_reaps_it(sleeper: Program) -> None:
    pid = process.running("sleeper")
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert wait.until(lambda: process.running("sleeper") is None, 5)
    assert Path(f"/proc/{pid}").exists(), "it is a zombie, and taken for dead all the same"


def test_another_process_with_the_recorded_id_is_neither_ours_nor_harmed() -> None:
    stranger = subprocess.Popen(SLEEP, start_new_session=True)
    (paths.RUN / "sleeper.pid").write_text(f"{stranger.pid}\n")
    (paths.RUN / "sleeper.start").write_text("1")
    try:
        assert process.running("sleeper") is None
        assert not process.stop(Program("sleeper", SLEEP))
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_half_a_record_counts_as_none() -> None:
    (paths.RUN / "sleeper.pid").write_text("")
    assert process.running("sleeper") is None


def test_one_that_will_not_end_is_killed_with_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    deaf = "import signal, sys; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"
    program = Program("deaf", [sys.executable, "-c", deaf], dict(os.environ), patience=0.3)
    process.start(program)
    assert wait.until(lambda: "deaf" in process.log_file("deaf").read_text(), 10)
    assert process.stop(program)
    assert "deaf did not end within 0 s: killed" in capsys.readouterr().out
    reap()


def test_what_a_killed_leader_left_in_its_session_ends_with_stop() -> None:
    program = Program("parent", ["sh", "-c", "sleep 600 & echo $!; wait"], dict(os.environ))
    leader = process.start(program)
    assert wait.until(lambda: process.log_file("parent").read_text().strip(), 10)
    child = int(process.log_file("parent").read_text())
    os.kill(leader, signal.SIGKILL)
    assert process.alive(child)
    process.stop(program)
    assert wait.until(lambda: not process.alive(child), 5)
    reap()


def test_one_that_ends_at_once_is_reported_with_the_end_of_its_log() -> None:
    program = Program("failing", ["sh", "-c", "echo no such port; exit 3"], dict(os.environ))
    pid = process.start(program)
    with pytest.raises(say.Trouble, match=r"failing ended at once(.|\n)*no such port(.|\n)*make down"):
        process.ready(program, pid, lambda: False, 10)
    reap()


def test_a_server_of_which_no_record_is_left_is_found_by_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    lost = subprocess.Popen(SLEEP, cwd=folder)
    elsewhere = subprocess.Popen(SLEEP, cwd=tmp_path)
    process.clear(Program("lost", SLEEP, folder=folder, executable="sleep"))
    assert lost.wait(5) == -signal.SIGTERM
    assert elsewhere.poll() is None
    elsewhere.kill()
    elsewhere.wait()


def test_it_holds_neither_our_output_nor_our_files(sleeper: Program) -> None:
    pid = process.running("sleeper")
    held = {os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")}
    assert held == {"/dev/null", str(process.log_file("sleeper"))}
