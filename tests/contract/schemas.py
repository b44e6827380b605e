"""Walking through the contract's schemas, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields

from shared.contracts.fields import Choice
from shared.contracts.registry import EVENTS

Field = fields.Field[Any]


def walk(schema: Schema, pointer: str = "/data") -> Iterator[tuple[str, Field]]:
    """Every field of `schema` and of what it holds, with its pointer; ``*`` stands for any item of a list."""
    for name, field in schema.load_fields.items():
        yield from _from(field, f"{pointer}/{name}")


def _from(field: Field, pointer: str) -> Iterator[tuple[str, Field]]:
    yield pointer, field
    if isinstance(field, fields.List):
        yield from _from(field.inner, f"{pointer}/*")
    elif isinstance(field, fields.Nested):
        yield from walk(field.schema, pointer)


def shape(type_: str) -> dict[str, str]:
    """An event's fields by pointer: kind, `required`, `or null`, and the choices; one line each."""
    return {pointer: _line(field) for pointer, field in walk(EVENTS[type_].schema())}


def _limit(field: Field) -> int:
    return getattr(field, "longest", 0) or getattr(field, "most", 0)


def _line(field: Field) -> str:
    words = [type(field).__name__]
    words += ["required"] if field.required else []
    words += ["or null"] if field.allow_none else []
    words += [f"up to {_limit(field)}"] if _limit(field) else []
    words += [f"of {' '.join(sorted(field.choices))}"] if isinstance(field, Choice) else []
    return ", ".join(words)
