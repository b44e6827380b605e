"""GeoReport's documents: one value, written as XML or as JSON; the two say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args
from xml.etree import ElementTree

import orjson
from flask import Response

Format = Literal["json", "xml"]
Value = Any  # of texts, numbers, truth values, nothing, and lists and objects of these

FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES: Mapping[Format, str] = {
    "json": "application/json; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
}

# What one of these is called.
_ONE: Mapping[str, str] = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "service_request_updates": "request_update",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}


def answer(name: str, value: Value, form: Format, status: int = 200) -> Response:
    """The document `name`: in JSON its value alone, in XML an element of that name."""
    body = orjson.dumps(value) if form == "json" else xml(name, value)
    # Any page may read what anybody may read; a key is never in a browser's own keeping.
    headers = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(body, status, headers, content_type=MEDIA_TYPES[form])


def xml(name: str, value: Value) -> bytes:
    """The same as XML."""
    written: bytes = ElementTree.tostring(_element(name, value), "utf-8", xml_declaration=True)
    return written


def _element(name: str, value: Value) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, inner) for key, inner in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        element.extend(_element(_ONE.get(name, "item"), inner) for inner in value)
    elif value is not None:
        element.text = _text(value)
    return element


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
