"""Reading an object by one quick test of its schema's rules, and by the schema where the test hesitates.

marshmallow takes ten times longer, and each report's event is checked and read several times on its way.
The rules are said once, in the schema: the test is made from its fields, and accepts only what the schema
accepts, with the same result (a test proves it on generated values). Errors are always the schema's own.
"""

from collections.abc import Callable
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, missing

from shared.contracts.fields import Convert, NotQuick, Several

Read = Callable[[Any], dict[str, Any]]


def tolerant(schema: Schema) -> Schema:
    """Make `schema` pass over unknown fields at every level; marshmallow's own option is for one level."""
    schema.unknown = EXCLUDE
    for field in schema.load_fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            inner.unknown = EXCLUDE
            tolerant(inner.schema)
    return schema


def reader(schema: Schema) -> Read:
    """A function that gives what ``schema.load`` gives, sooner.

    Raises what ``schema.load`` raises: marshmallow.ValidationError.
    """
    try:
        quick = quick_object(schema)
    except NotQuick:
        return schema.load

    def read(value: Any) -> dict[str, Any]:
        try:
            result: dict[str, Any] = quick(value)
        except (NotQuick, ValidationError):
            result = schema.load(value)
        return result

    return read


def sound(exc: ValidationError) -> dict[str, Any] | None:
    """The fields of an object in which a reader found nothing wrong; None where it was no object."""
    if not isinstance(exc.valid_data, dict) or not isinstance(exc.messages, dict):
        return None
    return {name: value for name, value in exc.valid_data.items() if name not in exc.messages}


def quick_object(schema: Schema) -> Convert:
    """Test an object field by field. NotQuick if the schema has hooks or a field that has no quick test."""
    if any(schema._hooks.values()):
        raise NotQuick
    rows = [(name, *_field(field)) for name, field in schema.load_fields.items()]
    closed = schema.unknown != EXCLUDE

    def convert(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise NotQuick
        result = {}
        strangers = len(value)
        for name, take, default, nullable in rows:
            if name in value:
                strangers -= 1
                item = value[name]
                if item is not None:
                    result[name] = take(item)
                elif nullable:
                    result[name] = None
                else:
                    raise NotQuick
            elif default is NotQuick:
                raise NotQuick
            elif default is not missing:
                result[name] = default() if callable(default) else default
        if strangers and closed:
            raise NotQuick
        return result

    return convert


def _field(field: fields.Field[Any]) -> tuple[Convert, Any, bool]:
    """How to take a field's value, what stands for a missing one (NotQuick: nothing), may it be null."""
    if field.data_key or field.attribute or field.pre_load or field.post_load:
        raise NotQuick
    return _value(field), NotQuick if field.required else field.load_default, bool(field.allow_none)


def _value(field: fields.Field[Any]) -> Convert:
    if isinstance(field, Several):
        return _list(field)
    if isinstance(field, fields.Nested):
        return _nested(field)
    make: Callable[[], Convert] | None = getattr(field, "quick", None)
    if make is None:
        raise NotQuick
    return make()


def _list(field: Several) -> Convert:
    if field.inner.allow_none:
        raise NotQuick
    take, least, most = _value(field.inner), field.least, field.most

    def convert(value: Any) -> list[Any]:
        if type(value) is list and least <= len(value) <= most:
            return [take(item) for item in value]
        raise NotQuick

    return convert


def _nested(field: fields.Nested) -> Convert:
    take, rules = quick_object(field.schema), field.validators

    def convert(value: Any) -> Any:
        result = take(value)
        for rule in rules:
            rule(result)
        return result

    return convert if rules else take
