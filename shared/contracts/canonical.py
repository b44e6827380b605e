"""What an object says, however it is written: by which the same request is known again."""

from functools import cache
from typing import Any

from marshmallow import Schema, fields, missing

_Row = tuple[str, Any, Schema | None]  # a field's name, its default, the schema of what it holds


def canonical(schema: Schema, loaded: dict[str, Any]) -> dict[str, Any]:
    """`loaded`, which `schema` has read, without the fields that say no more than their default.

    So ``"photos": []`` and no photos are the same, and a field that the contract gets later changes nothing
    for a request that does not use it.
    """
    said = {}
    for name, default, inner in _rows(schema):
        value = loaded.get(name, default)
        if inner:
            value = _inside(inner, value)
        if value != default:
            said[name] = value
    return said


def _inside(schema: Schema, value: Any) -> Any:
    if isinstance(value, list):
        return [_inside(schema, item) for item in value]
    return canonical(schema, value) if isinstance(value, dict) else value


@cache
def _rows(schema: Schema) -> tuple[_Row, ...]:
    return tuple((name, _default(field), _held(field)) for name, field in schema.load_fields.items())


def _default(field: fields.Field[Any]) -> Any:
    default = field.load_default() if callable(field.load_default) else field.load_default
    held = _held(field)
    return _inside(held, default) if held and default is not missing else default


def _held(field: fields.Field[Any]) -> Schema | None:
    inner = field.inner if isinstance(field, fields.List) else field
    return inner.schema if isinstance(inner, fields.Nested) else None
