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
        "consumer": text(raw.queue),
        "body": raw.body,
        "properties": Json(plain(raw.properties)),
        "attempts": attempts,
        "cause": text(cause)[:500],
        "refused_of": None,
        "cut_from": None,
    }


def refused_row(raw: RawMessage, cause: str, beginning: int, whole: int) -> dict[str, Any]:
    """The columns of one that its sender is to blame for: a body longer than `whole` bytes is cut.

    So are its headers, whose names and values are whatever it likes.
    """
    cut = {"body": raw.body[:beginning], "cut_from": len(raw.body)} if len(raw.body) > whole else {}
    properties = {name: value for name, value in raw.properties.items() if name != "application_headers"}
    sender = {"properties": Json(plain(properties)), "refused_of": text(raw.sender)}
    return {**row(raw, raw.attempts + 1, cause), **sender, **cut}


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
        return {text(key): plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, depth - 1) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    return text(value)


def _row_id(raw: RawMessage) -> str:
    """The same for the same message: parked again after a crash, it is still one row."""
    content = hashlib.blake2b(raw.body, digest_size=16).hexdigest()
    names = raw.queue, raw.sender, raw.properties.get("message_id") or "", content
    return ids.derived_id(*map(text, names))


def text(value: Any) -> str:
    """As text that PostgreSQL takes: no NUL, and nothing that UTF-8 cannot hold."""
    said = value if isinstance(value, str) else str(value)
    return said.encode(errors="replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")
