"""JSON Schema of the contract, from the marshmallow schemas by apispec."""

import inspect
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields

from shared.contracts.envelope import EnvelopeSchema
from shared.contracts.quick import tolerant
from shared.contracts.registry import EVENTS
from shared.contracts.texts import DAY, HOUR, MOMENT, URL, Answers, Text, deliverable

Json = dict[str, Any]
FORMATS = {DAY: "date", HOUR: "date-time", MOMENT: "date-time", URL: "uri"}
# What outside tools send is closed; what they and services read may grow, and says nothing of unknown fields.
CLOSED = ("front end", "agent tool")


def schemas() -> Json:
    """Every object of the contract by its class's name, and the envelope as ``Event``."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec("Vigie", "1", "3.1.0", plugins=[plugin])
    converter = plugin.converter
    if not isinstance(converter, OpenAPIConverter):
        raise TypeError("apispec made no converter for OpenAPI 3.1")
    converter.add_attribute_function(_more)  # type: ignore[no-untyped-call]
    spec.components.schema("Event", schema=tolerant(EnvelopeSchema()))
    for contract in EVENTS.values():
        if _name(contract.schema) not in spec.components.schemas:
            spec.components.schema(_name(contract.schema), schema=contract.schema)
    found: Json = spec.to_dict()["components"]["schemas"]
    closed = _reached(found, {c.schema.__name__ for c in EVENTS.values() if c.producer in CLOSED})
    said = {name: inspect.cleandoc(key[0].__doc__ or "") for key, name in converter.refs.items()}
    return {
        name: {"description": said[name], **_finished(schema, name in closed)}
        for name, schema in found.items()
    }


def _name(schema: Any) -> str:
    kind: type[Schema] = schema if isinstance(schema, type) else type(schema)
    return "Event" if kind is EnvelopeSchema else kind.__name__


def _more(self: OpenAPIConverter, field: fields.Field[Any], **_: Any) -> Json:
    """What apispec cannot see in a field."""
    if isinstance(field, Answers):
        return {"maxProperties": field.most}
    if isinstance(field, Text) and field.check is deliverable:
        return {"format": "email"}
    if isinstance(field, Text) and field.like in FORMATS:
        return {"format": FORMATS[field.like]}
    return {}


def _finished(schema: Json, closed: bool) -> Json:
    schema.pop("additionalProperties", None)
    if closed:
        schema["additionalProperties"] = False
    for name, field in schema["properties"].items():
        if "maxProperties" in field:
            field.pop("maxLength")  # apispec's word for a Length, which for an object means nothing
        schema["properties"][name] = {key: value for key, value in field.items() if (key, value) not in EMPTY}
    return schema


EMPTY = (("minItems", 0), ("minLength", 0), ("default", None))


def _reached(found: Json, names: set[str]) -> set[str]:
    """`names`, and all that they refer to."""
    reached = set(names)
    while more := {ref for name in reached for ref in _refs(found[name])} - reached:
        reached |= more
    return reached


def _refs(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"].rpartition("/")[2]} if "$ref" in value else set()
        return own.union(*(_refs(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(_refs(item) for item in value))
    return set()
