"""GeoReport's documents: one value, written as XML or as JSON; the two say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args
from xml.sax.saxutils import escape

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
    return "".join(("<?xml version='1.0' encoding='utf-8'?>\n", *_element(name, value))).encode()


def _element(name: str, value: Value) -> Iterator[str]:
    """An element by that name; names are ours alone. A list of a thousand reports has 18,000 of them."""
    if isinstance(value, str):
        yield f"<{name}>{escape(value)}</{name}>"
    elif value is None:
        yield f"<{name}/>"
    elif isinstance(value, bool):
        yield f"<{name}>{str(value).lower()}</{name}>"
    elif isinstance(value, int | float):
        yield f"<{name}>{value}</{name}>"
    else:
        yield f"<{name}>"
        for key, inner in value.items() if isinstance(value, Mapping) else _items(name, value):
            yield from _element(key, inner)
        yield f"</{name}>"


def _items(name: str, values: Sequence[Value]) -> Iterator[tuple[str, Value]]:
    one = _ONE.get(name, "item")
    return ((one, value) for value in values)
