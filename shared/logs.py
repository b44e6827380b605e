"""Structured logs: one JSON object a line, with ids and never a person's data."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

import psycopg
from pythonjsonlogger.json import JsonFormatter


class _NoValues(JsonFormatter):
    """Leaves out the text of exceptions, which may quote what a citizen wrote; keeps type and place."""

    def formatException(  # noqa: N802 (the name is logging's)
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return describe(ei[1]) if ei[1] else ""


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
