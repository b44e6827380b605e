"""Within a version, a contract is only ever added to: what was published stays, and nothing new is demanded.

`published.json` has the fields of every event as they were published. After an addition, write it anew:
``python -m tests.contract.test_additive_only``; the difference must show added lines alone.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared.contracts.document.json_schema import CLOSED
from shared.contracts.registry import EVENTS
from tests.contract.schemas import shape

PUBLISHED = Path(__file__).with_name("published.json")
RECORD: dict[str, dict[str, str]] = json.loads(PUBLISHED.read_bytes()) if PUBLISHED.exists() else {}


def breaches(before: dict[str, str], now: dict[str, str], sent_to_us: bool = False) -> list[str]:
    """What a reader of before would stumble over; or a sender, of what tools outside send."""
    gone = [f"{pointer} is gone" for pointer in before.keys() - now.keys()]
    new = [f"{p} is new and required" for p in now.keys() - before.keys() if _is_demanded(p, before, now)]
    kept = before.keys() & now.keys()
    return sorted(
        gone
        + new
        + [f"{p} was {before[p]}, is {now[p]}" for p in kept if _differ(before[p], now[p], sent_to_us)]
    )


def _is_demanded(pointer: str, before: dict[str, str], now: dict[str, str]) -> bool:
    """A required field of an object that is itself new demands nothing of who does not send it."""
    parent = pointer.rpartition("/")[0]
    return ", required" in now[pointer] and (parent == "/data" or parent in before)


def _differ(before: str, now: str, sent_to_us: bool) -> bool:
    """A wider limit or another choice is an addition; less of either is not.

    To demand less is one of who sends only: a reader counts on what it was promised.
    """
    old, old_limit, old_choices = _parts(before)
    new, new_limit, new_choices = _parts(now)
    if sent_to_us and ", required" in old and ", required" not in new:
        old, new = old.replace(", required", ""), new.replace(", or null", "")
    return old != new or new_limit < old_limit or not old_choices <= new_choices


def _parts(line: str) -> tuple[str, int, set[str]]:
    rest, _, choices = line.partition(", of ")
    kind, _, limit = rest.partition(", up to ")
    return kind, int(limit or 0), set(choices.split())


@pytest.mark.parametrize("type_", RECORD)
def test_nothing_published_is_taken_back(type_: str) -> None:
    assert type_ in EVENTS, "an event that was published is gone"
    assert breaches(RECORD[type_], shape(type_), EVENTS[type_].producer in CLOSED) == []


@pytest.mark.parametrize("type_", EVENTS)
def test_record_is_complete(type_: str) -> None:
    assert RECORD.get(type_) == shape(type_), "an addition: see how to record it above"


@pytest.mark.parametrize(
    ("now", "breach"),
    [
        ({}, ["/data/a is gone"]),
        ({"/data/a": "Text"}, ["/data/a was Text, required, is Text"]),
        ({"/data/a": "Count, required"}, ["/data/a was Text, required, is Count, required"]),
        ({"/data/a": "Text, required", "/data/b": "Text, required"}, ["/data/b is new and required"]),
        ({"/data/a": "Text, required", "/data/b": "Text"}, []),
        ({"/data/a": "Text, required", "/data/b": "Nested", "/data/b/c": "Text, required"}, []),
    ],
)
def test_breach_is_noticed(now: dict[str, str], breach: list[str]) -> None:
    assert breaches({"/data/a": "Text, required"}, now) == breach


def test_less_is_demanded_of_who_sends_and_never_promised_to_who_reads() -> None:
    before, now = {"/data/a": "Number, required"}, {"/data/a": "Number, or null"}
    assert breaches(before, now, sent_to_us=True) == []
    assert breaches(before, now) == ["/data/a was Number, required, is Number, or null"]
    for other in ("Text", "Count, or null"):
        assert breaches(before, {"/data/a": other}, sent_to_us=True) != []
    assert breaches(now, before, sent_to_us=True) != []
    assert breaches(now, {"/data/a": "Number"}, sent_to_us=True) != []


def test_lower_limit_is_noticed() -> None:
    assert breaches({"/a": "Text, up to 30"}, {"/a": "Text, up to 40"}) == []
    assert breaches({"/a": "Text, up to 30"}, {"/a": "Text, up to 20"}) != []


def test_choice_that_is_gone_is_noticed() -> None:
    assert breaches({"/a": "Choice, of x y"}, {"/a": "Choice, of x y z"}) == []
    assert breaches({"/a": "Choice, of x y"}, {"/a": "Choice, of x z"}) != []


if __name__ == "__main__":
    PUBLISHED.write_text(json.dumps({type_: shape(type_) for type_ in EVENTS}, indent=1) + "\n", "utf-8")
