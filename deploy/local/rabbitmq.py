"""A private RabbitMQ node: its own name, ports, cookie and data, everything on 127.0.0.1."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.local import home, paths, ports, process, say, wait
from shared.amqp.management import BrokerError, Management

NAME = "rabbitmq"
DEPLOYER = "vigie-deployer"
VHOST = "vigie"
_BIN = Path("/usr/lib/rabbitmq/bin")
_INSTALLED = "/usr/lib/rabbitmq/lib/rabbitmq_server-*"


@dataclass(frozen=True)
class Node:
    """What tells this node from others on the machine."""

    amqp: int
    api: int
    distribution: int
    epmd: int
    password: str  # of the deployer
    name: str = NAME

    @property
    def amqp_url(self) -> str:
        return f"amqp://{DEPLOYER}:{self.password}@127.0.0.1:{self.amqp}/{VHOST}"

    @property
    def api_url(self) -> str:
        return f"http://{DEPLOYER}:{self.password}@127.0.0.1:{self.api}"


def start(node: Node) -> None:
    """Start the node and return when it takes connections and its HTTP API answers."""
    user = home.become("rabbitmq")
    folder = home.owned(node.name, user)
    _check_data(folder)
    _configure(folder, node, user)
    argv, env = [str(_BIN / "rabbitmq-server")], _environment(folder, node)
    program = process.Program(node.name, argv, env, user, folder, executable="beam.smp")
    what = f"RabbitMQ on port {node.amqp}"
    process.ensure(program, what, lambda: ports.answers(node.amqp) and answers(node.api_url), 120)


def _check_data(folder: Path) -> None:
    """Refuse what another major release has left: the node would crash on it, and not say why."""
    features = "".join(file.read_text() for file in (folder / "mnesia").glob("*-feature_flags"))
    found = sorted(path.name.rpartition("-")[2] for path in Path("/").glob(_INSTALLED[1:]))
    if features and found and (found[-1] >= "4") != ("rabbitmq_4." in features):
        other = "an older RabbitMQ (3.x)" if found[-1] >= "4" else "a newer RabbitMQ (4.x)"
        raise say.Trouble(
            f"The data in {folder} were made by {other}; {found[-1]}, which is installed, cannot read them.",
            "`make reset` to begin anew. A broker whose data are needed: deploy/runbooks/new-servers.md.",
        )


def answers(api_url: str) -> bool:
    """Does its HTTP API let us in?"""
    try:
        with Management(api_url) as api:
            return api.get("whoami") is not None
    except BrokerError:
        return False


def stop(node: Node) -> bool:
    """Stop the node, then its port mapper; True if the node ran."""
    ran = process.stop(process.Program(node.name, [], patience=60))
    end_port_mapper(node.epmd)
    return ran


def end_port_mapper(port: int) -> None:
    """End the epmd that a node of ours has started there, and that outlives it even when the node is killed.

    One that still knows a node, ours or a stranger's, refuses; ours forgets its node soon after its end.
    """
    env = {"PATH": os.environ["PATH"], "ERL_EPMD_PORT": str(port), "ERL_EPMD_ADDRESS": "127.0.0.1"}

    def gone() -> bool:
        if not ports.answers(port):
            return True
        return subprocess.run(["epmd", "-kill"], env=env, capture_output=True, check=False).returncode == 0

    wait.until(gone, 5)
    wait.until(lambda: ports.free(port), 5)


def _configure(folder: Path, node: Node, user: str | None) -> None:
    settings = {
        "default_user": DEPLOYER,
        "default_pass": node.password,
        "default_vhost": VHOST,
        "default_user_tags.administrator": "true",
        "loopback_users": "none",
        "listeners.tcp.default": f"127.0.0.1:{node.amqp}",
        "management.tcp.ip": "127.0.0.1",
        "management.tcp.port": str(node.api),
        "management_agent.disable_metrics_collector": "true",
        "max_message_size": str(1024 * 1024),
        # What was in a message stays in this log until it is full (RabbitMQ's default: 512 MB). Smaller yet,
        # as in production, it slows the broker down.
        "raft.wal_max_size_bytes": str(64 * 1024 * 1024),
        "log.console": "true",
        "log.console.level": "warning",
        "log.file": "false",
    }
    _write(folder / "rabbitmq.conf", "".join(f"{name} = {value}\n" for name, value in settings.items()), user)
    _write(folder / "enabled_plugins", "[rabbitmq_management].\n", user)


def _write(file: Path, text: str, user: str | None) -> None:
    file.touch(mode=0o600)
    file.write_text(text)
    if user:
        shutil.chown(file, user, user)


def _environment(folder: Path, node: Node) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "HOME": str(folder),  # the cookie lies there
        "ERL_EPMD_PORT": str(node.epmd),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_ALLOW_INPUT": "1",  # makes the script become the node instead of its parent: one process id
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-noinput -kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_NODENAME": f"{node.name}-{paths.CHECKOUT}@localhost",
        "RABBITMQ_DIST_PORT": str(node.distribution),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
    }
