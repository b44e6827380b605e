"""Whether a file has the shape of its schema, told line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, fields

from services.routing.townfiles.marked import Marked, Place, Problem, did_you_mean

_WORDS = {
    "Missing data for required field.": "missing field",
    "Unknown field.": "unknown field",
    "Field may not be null.": "has no value",
    "Invalid input type.": "should be a mapping",
    "Not a valid string.": "should be text",
    "Not a valid list.": "should be a list",
    "Not a valid mapping type.": "should be a mapping",
    "Not a valid boolean.": "should be true or false",
    "Not a valid number.": "should be a number",
}


def check(marked: Marked, schema: Schema) -> Iterator[Problem]:
    """Every way in which the file's shape is wrong."""
    for place in marked.repeated:
        yield marked.problem(place, f"'{place[-1]}' is there twice", "keep one of them")
    if not isinstance(marked.data, dict):
        yield marked.problem((), "the file should be a mapping", f"start with '{next(iter(schema.fields))}:'")
        return
    for place, message in _flat(schema.validate(marked.data)):
        yield _told(marked, schema, place, message)


def _flat(errors: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            # marshmallow's own levels: a part's errors as a whole, a mapping's wrong keys and values.
            step = () if key in ("_schema", "value", "key") else (key,)
            yield from _flat(inner, (*place, *step))
    else:
        yield from ((place, str(message)) for message in errors)


def _told(marked: Marked, schema: Schema, place: Place, message: str) -> Problem:
    words = _WORDS.get(message, message[:1].lower() + message[1:].rstrip("."))
    name = str(place[-1]) if place else ""
    if words == "unknown field":
        holder = _schema_of(_field_at(schema, place[:-1]))
        known = sorted(holder.fields) if holder else []
        return marked.problem(place, f"unknown field '{name}'", did_you_mean(name, known))
    found = _field_at(schema, place)
    hint = str(found.metadata.get("hint", "")) if isinstance(found, fields.Field) else ""
    message = f"missing field '{name}'" if words == "missing field" else f"{_path(place)}: {words}"
    return marked.problem(place, message, f"expected: {hint}" if hint else "")


def _path(place: Place) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


def _field_at(schema: Schema, place: Place) -> Any:
    """The field that describes a place; the schema itself for the file's top."""
    found: Any = schema
    for step in place:
        holder = _schema_of(found) or found
        if isinstance(holder, Schema):
            found = holder.fields.get(str(step))
        elif isinstance(holder, fields.List):
            found = holder.inner
        elif isinstance(holder, fields.Dict):
            found = holder.value_field
    return found


def _schema_of(found: Any) -> Schema | None:
    if isinstance(found, fields.Nested):
        schema: Schema = found.schema
        return schema
    return found if isinstance(found, Schema) else None
