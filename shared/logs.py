"""Structured logs: one JSON object a line, with ids and never a person's data."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType

import psycopg
from pythonjsonlogger.json import JsonFormatter


class _NoValues(JsonFormatter):
    """Leaves out the text of exceptions, which may quote what a citizen wrote; keeps type and place."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return describe(ei[1]) if ei[1] else ""

    def format(self, record: logging.LogRecord) -> str:
        """Libraries put exceptions into their messages (nameko: those of handlers)."""
        if isinstance(record.args, tuple):
            args = tuple(describe(a) if isinstance(a, BaseException) else a for a in record.args)
            record = logging.makeLogRecord({**record.__dict__, "args": args})
        return super().format(record)


def configure(service: str, level: str = "INFO") -> None:
    """Send every log record to standard error as JSON, marked with `service`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _NoValues(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            static_fields={"service": service},
            timestamp="time",
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("amqp", "kombu", "urllib3", "nameko"):
        logging.getLogger(chatty).setLevel("WARNING")
    logging.getLogger("nameko.containers").setLevel("CRITICAL")  # the entrypoint tells of errors itself
    sys.excepthook = lambda kind, exc, trace: _unhandled(exc)
    threading.excepthook = lambda unhandled: _unhandled(unhandled.exc_value)


def _unhandled(exc: BaseException | None) -> None:
    if exc is not None:
        logging.getLogger(__name__).critical("nobody handled %s", describe(exc))


def describe(exc: BaseException) -> str:
    """What failed and where, without any value: a database error by SQLSTATE and constraint.

    `str()` of an exception may hold an address or a text that a citizen wrote, so it is used nowhere.
    """
    frames = traceback.extract_tb(exc.__traceback__)
    ours = [f for f in frames if "site-packages" not in f.filename] or frames
    place = f" at {_short(ours[-1].filename)}:{ours[-1].lineno} in {ours[-1].name}" if ours else ""
    return f"{type(exc).__name__}{_sql(exc)}{place}"


def _sql(exc: BaseException) -> str:
    if not isinstance(exc, psycopg.Error) or not exc.sqlstate:
        return ""
    constraint = exc.diag.constraint_name
    return f" [{exc.sqlstate}{' ' + constraint if constraint else ''}]"


def _short(filename: str) -> str:
    return "/".join(filename.split("/")[-3:])
