"""Processes of one checkout: started in a session of their own, found again by id and start time.

`.local/run/NAME.pid` holds the process id alone; `NAME.start` beside it the kernel's start time, so that
an id which the kernel has given to another process since is not taken for ours.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import paths, say, wait


@dataclass(frozen=True)
class Program:
    """What to start: `user` is the system user to become (root only), None to stay who we are."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    folder: Path = Path("/")
    executable: str = ""  # of a server: its file's name, by which it is found in its folder
    patience: float = 30.0  # seconds given to end by itself
    end: signal.Signals = signal.SIGTERM


@dataclass(frozen=True)
class _Stat:
    state: str
    session: int
    start: str


def _stat(pid: int | str) -> _Stat | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, UnicodeDecodeError):
        return None
    return _Stat(state=fields[0], session=int(fields[3]), start=fields[19])


def alive(pid: int) -> bool:
    """Is this process there and running? A zombie that nobody has reaped is not."""
    stat = _stat(pid)
    return stat is not None and stat.state not in "ZX"


def log_file(name: str) -> Path:
    return paths.LOG / f"{name}.log"


def _file(name: str, kind: str) -> Path:
    return paths.RUN / f"{name}.{kind}"


def _recorded(name: str) -> tuple[int, str] | None:
    try:
        return int(_file(name, "pid").read_text()), _file(name, "start").read_text().strip()
    except (OSError, ValueError):
        return None


def running(name: str) -> int | None:
    """The id of the process that was started under this name, if it is still that one and alive."""
    recorded = _recorded(name)
    if recorded is None:
        return None
    pid, start = recorded
    stat = _stat(pid)
    return pid if stat and stat.start == start and stat.state not in "ZX" else None


def start(program: Program) -> int:
    """Start it with its output in its log, holding nothing of ours; return its process id."""
    if program.executable:
        clear(program)
    files = [
        os.open(_file(program.name, kind), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        for kind in ("start", "pid")
    ]
    try:
        with log_file(program.name).open("ab") as log:
            return _spawn(program, log.fileno(), files)
    finally:
        for file in files:
            os.close(file)


def _spawn(program: Program, log: int, files: list[int]) -> int:
    # The child writes its own files before it becomes the program: if we are killed it is on record still.
    def record() -> None:
        stat = _stat("self")
        os.write(files[0], stat.start.encode() if stat else b"")
        os.write(files[1], f"{os.getpid()}\n".encode())

    process = subprocess.Popen(
        program.argv,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=dict(program.env),
        cwd=program.folder,
        start_new_session=True,
        preexec_fn=record,
        user=program.user,
        group=pwd.getpwnam(program.user).pw_gid if program.user else None,
        extra_groups=[] if program.user else None,
    )
    process.returncode = 0  # it outlives us on purpose: Popen need not wait for it, nor warn that it did not
    return process.pid


def stop(program: Program) -> bool:
    """End it and whatever it started; kill it when its patience is over. True if it ran."""
    return bool(stop_all([program]))


def stop_all(programs: Sequence[Program]) -> list[str]:
    """Ask all of them to end at once, then see each to its end; return the names of those that ran."""
    pids = {program.name: running(program.name) for program in programs}
    for program in programs:
        _signal(pids[program.name], program.end)
    for program in programs:
        _see_off(program, pids[program.name])
    return [name for name, pid in pids.items() if pid]


def _see_off(program: Program, pid: int | None) -> None:
    if pid and not wait.until(lambda: not alive(pid), program.patience):
        say.line(f"{program.name} did not end within {program.patience:.0f} s: killed")
        _signal(pid, signal.SIGKILL)
        wait.until(lambda: not alive(pid), 5)
    recorded = _recorded(program.name)
    if recorded:
        _end_orphans(*recorded)
    for kind in ("pid", "start"):
        _file(program.name, kind).unlink(missing_ok=True)


def clear(program: Program) -> None:
    """End what still works in its folder though no record of it is left, or its parent was killed."""
    if wait.until(lambda: not _strays(program), 2):
        return
    for way, seconds in ((program.end, 20), (signal.SIGKILL, 5)):
        for pid in _strays(program):
            _signal(pid, way)
        if wait.until(lambda: not _strays(program), seconds):
            return


def _strays(program: Program) -> list[int]:
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    there = [pid for pid in pids if folder_of(pid) == program.folder]
    return [pid for pid in there if _link(pid, "exe").name == program.executable]


def folder_of(pid: int) -> Path:
    """The folder that a process works in; an empty path when it is gone, or not ours to ask."""
    return _link(pid, "cwd")


def _link(pid: int, name: str) -> Path:
    try:
        return Path(f"/proc/{pid}/{name}").readlink()
    except OSError:
        return Path()


def _end_orphans(leader: int, start: str) -> None:
    """Kill what a process that is gone has left in its session, unless the id has a new owner."""
    stat = _stat(leader)
    if stat and stat.start != start:
        return
    for entry in Path("/proc").iterdir():
        child = _stat(entry.name) if entry.name.isdigit() else None
        if child and child.session == leader and child.state not in "ZX":
            _signal(int(entry.name), signal.SIGKILL)


def _signal(pid: int | None, number: signal.Signals) -> None:
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def ensure(program: Program, what: str, answers: Callable[[], object], seconds: float = 60) -> None:
    """Start it unless it runs, and return when it answers; one that is still starting is waited for too."""
    pid = running(program.name)
    if pid and answers():
        return
    with say.step(f"starting {what}"):
        ready(program, pid or start(program), answers, seconds)


def ready(program: Program, pid: int, answers: Callable[[], object], seconds: float) -> None:
    """Wait until `answers()` holds; say what the log says when the process ends or never answers."""
    if wait.until(lambda: not alive(pid) or answers(), seconds) and alive(pid):
        return
    state = "never got ready" if alive(pid) else "ended at once"
    log = log_file(program.name)
    raise say.Trouble(
        f"{program.name} {state}. The end of its log:\n{say.tail(log)}",
        f"See {log.relative_to(paths.ROOT)}; `make down` and then `make up` starts anew.",
    )
