"""Run one service until SIGTERM: `python -m shared.run intake`."""

from __future__ import annotations

import warnings

# Known, and the reason why eventlet stays in a few files: see ARCHITECTURE.md.
warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import gc  # noqa: E402
import logging  # noqa: E402 (everything below must see the patched modules)
import signal  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
from importlib import import_module  # noqa: E402
from typing import Any  # noqa: E402

from nameko.runners import ServiceRunner  # noqa: E402

from shared import logs, settings  # noqa: E402
from shared.run import green  # noqa: E402

log = logging.getLogger("shared.run")


STOP_SECONDS = 28


def main(name: str) -> None:
    """Serve `services.<name>` and return when it has been told to stop and has finished."""
    serve(name, import_module(f"services.{name}.bus.service").Service)


def serve(name: str, service: type, patience: int = STOP_SECONDS) -> None:
    """Serve this class with the settings of the service `name`, until SIGTERM or SIGINT.

    What is in work then is finished, unless it takes more than `patience` seconds.
    """
    logs.configure(name)
    green.install()
    assert green.installed(), "psycopg would block every other green thread"
    runner = _runner(name, service)
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: eventlet.spawn_n(_ask, asked, patience))
    runner.start()
    _collect_seldom()
    log.info("%s is up", name)
    eventlet.spawn(_stop_when, asked, runner)
    runner.wait()
    signal.alarm(0)
    log.info("%s has stopped", name)


def _collect_seldom() -> None:
    """A batch makes ten thousands of small objects and drops them; they hold no reference cycles."""
    gc.freeze()
    gc.set_threshold(50_000)


def _ask(asked: threading.Event, patience: int) -> None:
    # What hangs in work would be waited for without end. The broker gives it to somebody else.
    signal.alarm(patience)
    asked.set()


def _stop_when(asked: threading.Event, runner: Any) -> None:
    asked.wait()
    runner.stop()


def _runner(name: str, service_class: type) -> Any:
    service = settings.service_settings(name)
    runner = ServiceRunner(
        {
            "AMQP_URI": service.amqp_url,
            "BATCH_SIZE": service.batch_size,
            "BATCH_SPACING": service.batch_spacing,
            "max_workers": 10,
        }
    )
    runner.add_service(service_class)
    return runner


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m shared.run intake|routing|notification|analytics")
    try:
        main(sys.argv[1])
    except settings.SettingMissing as missing:
        sys.exit(str(missing))
