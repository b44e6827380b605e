"""A private PostgreSQL server: its own cluster, port and superuser, as durable as production's."""

from __future__ import annotations

import os
import shutil
import signal
from functools import partial
from pathlib import Path

import psycopg

from deploy.local import home, passwords, process, say

NAME = "postgres"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "200",
    # a unique violation would otherwise print the e-mail address that it is about
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "logging_collector": "off",
}


def url(port: int, password: str) -> str:
    """The superuser's address."""
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"


def start(port: int, password: str) -> None:
    """Start the server, making its cluster the first time, and return when it answers."""
    user = home.become("postgres")
    cluster = home.owned(NAME, user) / "cluster"
    if not cluster.is_dir():
        _make_cluster(cluster, user, password)
    program = _program(cluster, user, port)
    if process.running(NAME) is None:
        _forget_lock(program)
    process.ensure(program, f"PostgreSQL on port {port}", partial(answers, url(port, password)))


def stop() -> bool:
    """Stop it, disconnecting its clients; True if it ran."""
    return process.stop(process.Program(NAME, [], end=signal.SIGINT))


def answers(address: str) -> bool:
    """Does the server let us in?"""
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _program(cluster: Path, user: str | None, port: int) -> process.Program:
    settings = _SETTINGS | {"port": str(port)}
    options = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
    argv = [str(_binaries(cluster) / "postgres"), "-D", str(cluster), *options]
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    return process.Program(NAME, argv, env, user, cluster, executable="postgres", end=signal.SIGINT)


def _forget_lock(program: process.Program) -> None:
    """Its id may belong to another process by now, and PostgreSQL would not start then."""
    process.clear(program)
    (program.folder / "postmaster.pid").unlink(missing_ok=True)


def _binaries(cluster: Path) -> Path:
    """The newest installed version, or the one that made this cluster."""
    made_by = cluster / "PG_VERSION"
    version = made_by.read_text().strip() if made_by.is_file() else "*"
    found = sorted(Path("/usr/lib/postgresql").glob(f"{version}/bin"), key=lambda path: int(path.parent.name))
    if not found:
        raise say.Trouble(
            f"The data in {cluster} were made by PostgreSQL {version}, which is not installed.",
            f"`make reset` to begin anew, or apt-get install postgresql-{version} where your release has it. "
            "Data that are needed: deploy/runbooks/new-servers.md.",
        )
    return found[-1]


def _make_cluster(cluster: Path, user: str | None, password: str) -> None:
    """Make it under another name first, so that an attempt that is cut off leaves no half of a cluster."""
    new = cluster.with_name("new")
    with say.step("making a PostgreSQL cluster"):
        shutil.rmtree(new, ignore_errors=True)
        secret = _password_file(cluster.parent, user, password)
        argv = [str(_binaries(cluster) / "initdb"), "-D", str(new), "-U", "postgres", f"--pwfile={secret}"]
        argv += ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]
        done = home.run_as(user, argv)
        secret.unlink()
        if done.returncode != 0:
            raise say.Trouble(
                f"initdb failed: {done.stderr.strip()}", f"Is the disk of {cluster.parent} full?"
            )
        new.rename(cluster)


def _password_file(folder: Path, user: str | None, password: str) -> Path:
    file = folder / "password"
    passwords.write_private(file, f"{password}\n")
    if user:
        shutil.chown(file, user)
    return file
