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
    if b"\\" in body and b"\\u0000" in body and _has_nul(value):
        raise ValidationError("invalid_characters")
    return value


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise ValidationError("duplicate_name")


def _has_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any("\0" in name or _has_nul(item) for name, item in value.items())
    if isinstance(value, list):
        return any(map(_has_nul, value))
    return isinstance(value, str) and "\0" in value
