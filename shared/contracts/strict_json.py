"""JSON that every reader understands the same way, and that PostgreSQL can keep.

orjson refuses NaN, lone surrogates, bad UTF-8 and a byte order mark by itself. What it takes and we do not: a
name twice in one object (readers differ on which counts), U+0000 (PostgreSQL cannot store it), deep nesting.
"""

import json
from typing import Any

import orjson
from marshmallow import ValidationError


def parse(body: bytes) -> Any:
    """The value that `body` holds.

    Raises marshmallow.ValidationError: malformed, duplicate_name or invalid_characters.
    """
    try:
        value = orjson.loads(body)
        same = orjson.dumps(value) == body
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # the latter: nested deeper than orjson writes
        raise ValidationError("malformed") from None
    # What is written back byte for byte has lost no name, as our own events; others go the slow, sure way.
    if not same:
        json.loads(body, object_pairs_hook=_once)
    if b"\\" in body and b"\\u0000" in body and (found := _nul(value)):
        raise ValidationError(found, data=value)
    return value


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise ValidationError("duplicate_name")


def _nul(value: Any) -> Any:
    """Where U+0000 is, as marshmallow would say it; nothing where there is none."""
    if isinstance(value, dict):
        if any("\0" in name for name in value):
            return ["invalid_characters"]
        return {name: found for name, item in value.items() if (found := _nul(item))}
    if isinstance(value, list):
        return {index: found for index, item in enumerate(value) if (found := _nul(item))}
    return ["invalid_characters"] if isinstance(value, str) and "\0" in value else []
