"""No log holds what an exception says: it may quote a citizen."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator

import psycopg
import pytest

from shared import logs

EMAIL = "ada@example.org"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged; everything is as before afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, sys.excepthook, threading.excepthook
    names = ("amqp", "kombu", "urllib3", "nameko", "nameko.containers")
    levels = {name: logging.getLogger(name).level for name in names}
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure("routing")
    yield stream
    root.handlers[:], sys.excepthook, threading.excepthook = before[0], before[2], before[3]
    root.setLevel(before[1])
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def _fail() -> None:
    raise ValueError(f"Key (email)=({EMAIL}) already exists")


def _caught() -> Exception:
    try:
        _fail()
    except ValueError as exc:
        return exc
    raise AssertionError


def test_an_exception_is_its_type_and_its_place(written: io.StringIO) -> None:
    logging.getLogger("services").error("it failed", exc_info=_caught())
    record = json.loads(written.getvalue())
    assert EMAIL not in written.getvalue()
    assert record["exc_info"].startswith("ValueError at unit/shared/test_logs.py:")
    assert (record["service"], record["level"], record["message"]) == ("routing", "ERROR", "it failed")


def test_an_exception_in_a_librarys_message_is_too(written: io.StringIO) -> None:
    logging.getLogger("a.library").error("error handling %s: %s", "worker", _caught())
    assert EMAIL not in written.getvalue()
    assert "error handling worker: ValueError at unit/shared" in json.loads(written.getvalue())["message"]


def test_what_nobody_handles_is_too(written: io.StringIO) -> None:
    exc = _caught()
    sys.excepthook(type(exc), exc, exc.__traceback__)
    thread = threading.Thread(target=_fail)
    thread.start()
    thread.join()
    assert EMAIL not in written.getvalue()
    assert written.getvalue().count("nobody handled ValueError at unit/shared/test_logs.py") == 2


def test_extra_fields_are_kept(written: io.StringIO) -> None:
    logging.getLogger("services").warning("town configured", extra={"town": "gentilly", "version": 3})
    record = json.loads(written.getvalue())
    assert (record["town"], record["version"]) == ("gentilly", 3)


def test_a_database_error_is_its_sqlstate() -> None:
    error = psycopg.errors.UniqueViolation(f"duplicate key: {EMAIL}")
    assert logs.describe(error) == "UniqueViolation [23505]"
    assert logs.describe(psycopg.OperationalError(f"{EMAIL}")) == "OperationalError"
