"""A raw message as a row of `retry` or `parked`, whatever its sender has put into it."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from psycopg.types.json import Json

from shared import ids
from shared.messaging.message import RawMessage

_DEEPEST = 20


def row(raw: RawMessage, attempts: int, cause: str) -> dict[str, Any]:
    """The columns that `retry` and `parked` share; `attempts` counts those that failed."""
    town, row_id = raw.retry_id or (town_of(raw), _row_id(raw))
    return {
        "town": town,
        "id": row_id,
        "consumer": _text(raw.queue),
        "body": raw.body,
        "properties": Json(plain(raw.properties)),
        "attempts": attempts,
        "cause": _text(cause)[:500],
    }


def town_of(raw: RawMessage) -> str:
    """The town that a message names, as far as can be told; empty for an unreadable one."""
    try:
        town = orjson.loads(raw.body)["town"]
    except (orjson.JSONDecodeError, KeyError, TypeError, IndexError):
        return ""
    return town if isinstance(town, str) and len(town) <= 63 and "\x00" not in town else ""


def plain(value: Any, depth: int = _DEEPEST) -> Any:
    """`value` as JSON that jsonb takes."""
    if depth == 0:
        return "…"
    if isinstance(value, dict):
        return {_text(key): plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, depth - 1) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    return _text(value)


def _row_id(raw: RawMessage) -> str:
    """The same for the same message: set aside again after a crash, it is still one row."""
    content = hashlib.blake2b(raw.body, digest_size=16).hexdigest()
    names = raw.queue, raw.sender, raw.properties.get("message_id") or "", content
    return ids.derived_id(*map(_text, names))


def _text(value: Any) -> str:
    """As text that PostgreSQL takes: no NUL, and nothing that UTF-8 cannot hold."""
    text = value if isinstance(value, str) else str(value)
    return text.encode(errors="replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")
