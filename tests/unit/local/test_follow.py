"""Logs as people read them."""

from __future__ import annotations

from deploy.local.follow import readable


def test_time_service_level_sentence_then_the_rest() -> None:
    line = '{"time": "2026-11-22T10:00:01.5+00:00", "service": "intake", "level": "INFO", "logger": "a", '
    line += '"message": "stored", "town": "gentilly", "report": null}'
    assert readable("intake", line) == "10:00:01 intake         INFO    stored  town=gentilly"


def test_what_is_no_json_object_stays_as_it_is() -> None:
    assert readable("routing", "Traceback") == "         routing        Traceback"
    assert readable("routing", "42").endswith(" 42")
