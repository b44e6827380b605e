"""The OpenAPI 3.1 document of GeoReport v2 as Vigie speaks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Object = dict[str, Any]

_TEXT: Object = {"type": "string"}
_NULL_TEXT: Object = {"type": ["string", "null"]}
_MOMENT: Object = {"type": "string", "format": "date-time"}
_NULL_MOMENT: Object = {"type": ["string", "null"], "format": "date-time"}
_NULL_NUMBER: Object = {"type": ["number", "null"]}
_STATUS: Object = {"type": "string", "enum": ["open", "closed"]}


def _object(required: Mapping[str, Object], **optional: Object) -> Object:
    return {"type": "object", "properties": {**required, **optional}, "required": list(required)}


def _list(of: Object) -> Object:
    return {"type": "array", "items": of}


_SCHEMAS: Mapping[str, Object] = {
    "Error": _object({"code": {"type": "integer"}, "description": _TEXT}),
    "Service": _object(
        {
            "service_code": _TEXT,
            "service_name": _TEXT,
            "description": _TEXT,
            "metadata": {"type": "boolean", "description": "Whether it has questions: see its definition."},
            "type": {"const": "realtime"},
            "keywords": _TEXT,
            "group": _TEXT,
        }
    ),
    "Definition": _object(
        {
            "service_code": _TEXT,
            "attributes": _list(
                _object(
                    {
                        "variable": {"type": "boolean"},
                        "code": _TEXT,
                        "datatype": {"const": "singlevaluelist"},
                        "required": {"type": "boolean"},
                        "datatype_description": _TEXT,
                        "order": {"type": "integer"},
                        "description": _TEXT,
                        "values": _list(_object({"key": _TEXT, "name": _TEXT})),
                    }
                )
            ),
        }
    ),
    "Receipt": _object(
        {
            "service_request_id": _TEXT,
            "service_notice": {"type": "string", "description": "Where its author follows it: a key."},
            "account_id": {"type": "null"},
        }
    ),
    "Request": _object(
        {
            "service_request_id": _TEXT,
            "status": _STATUS,
            "status_notes": _TEXT,
            "service_name": _TEXT,
            "service_code": _TEXT,
            "description": _NULL_TEXT,
            "agency_responsible": {**_NULL_TEXT, "description": "Who has it."},
            "service_notice": {**_NULL_TEXT, "description": "Why they have it."},
            "requested_datetime": _MOMENT,
            "updated_datetime": _MOMENT,
            "expected_datetime": {**_NULL_MOMENT, "description": "The end that is promised."},
            "address": _NULL_TEXT,
            "address_id": {"type": "null"},
            "zipcode": {"type": "null"},
            "lat": _NULL_NUMBER,
            "long": _NULL_NUMBER,
            "media_url": _NULL_TEXT,
        },
        extended_attributes={"type": "object"},
    ),
    "Token": _object({"service_request_id": _TEXT, "token": _TEXT}),
    "Update": _object(
        {
            "update_id": _TEXT,
            "service_request_id": _TEXT,
            "status": _STATUS,
            "updated_datetime": _MOMENT,
            "description": _TEXT,
            "media_url": {"type": "null"},
        }
    ),
    "Discovery": _object(
        {"changeset": _MOMENT, "contact": _TEXT, "key_service": _TEXT, "endpoints": _list({"type": "object"})}
    ),
}

_FORM: Object = {"name": "form", "in": "path", "required": True, "schema": {"enum": ["json", "xml"]}}
_KEY = ("api_key", _TEXT, "A front end's key. With it, what that front end sent is shown whole.")
_JURISDICTION = ("jurisdiction_id", _TEXT, "The town's slug; may be left out where there is one town alone.")
_LANGUAGE = (
    "lang",
    {"type": "string", "enum": ["fr", "en"]},
    "The language of words; French where nothing says.",
)
_OF_ALL = (_JURISDICTION, _LANGUAGE)
_FILTERS = (
    ("service_request_id", _TEXT, "References, parted by commas; all other filters are passed over."),
    ("service_code", _TEXT, "Services, parted by commas."),
    ("start_date", _TEXT, "W3C date. Without it: 90 days before the end."),
    ("end_date", _TEXT, "W3C date; at most 90 days after the start."),
    ("status", _TEXT, "`open`, `closed` or both, parted by a comma."),
    ("updated_after", _TEXT, "W3C date: something has happened since."),
    ("updated_before", _TEXT, "W3C date."),
    (
        "lat",
        _TEXT,
        "With `long` and `radius` (metres, 500): near there. Of reports of the key's front end alone.",
    ),
    ("long", _TEXT, "Degrees, WGS 84."),
    ("radius", _TEXT, "Metres."),
    ("page", _TEXT, "From 1."),
    ("page_size", _TEXT, "At most 1,000."),
    ("extensions", _TEXT, "`true`: with `extended_attributes`."),
    _KEY,
)
_SENT: Object = _object(
    {"service_code": _TEXT, "description": _TEXT, "first_name": _TEXT, "last_name": _TEXT, "email": _TEXT},
    api_key=_TEXT,
    jurisdiction_id=_TEXT,
    lat=_TEXT,
    long=_TEXT,
    address_string={**_TEXT, "description": "A point (`lat` and `long`), this, or both: a place is needed."},
    media_url={**_TEXT, "description": "Kept as words: nobody fetches it."},
    media={**_TEXT, "format": "binary", "description": "A JPEG, PNG or WebP, up to four times (multipart)."},
)


def document(base_url: str) -> Object:
    """The document; `base_url` is where the addresses begin."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Open311 GeoReport v2 of Vigie",
            "version": "2.0",
            "description": "Reports to a town, and what becomes of them. XML says the same as JSON.",
        },
        "servers": [{"url": base_url}],
        "paths": dict(_paths()),
        "components": {"schemas": dict(_SCHEMAS)},
    }


def _paths() -> Mapping[str, Object]:
    return {
        "/discovery.{form}": {"get": _get("Discovery", "Where this is, and what it speaks.", ())},
        "/services.{form}": {"get": _get_list("Service", "What can be sent to a town.", _OF_ALL)},
        "/services/{code}.{form}": {
            "get": _get("Definition", "One service, with its questions.", _OF_ALL, named="code")
        },
        "/requests.{form}": {
            "get": _get_list("Request", "Reports of a town, the newest first.", (*_OF_ALL, *_FILTERS), 403),
            "post": _post(),
        },
        "/requests/{reference}.{form}": {
            "get": _get_list("Request", "One report.", (*_OF_ALL, _FILTERS[-2], _KEY), 403, named="reference")
        },
        "/tokens/{token}.{form}": {
            "get": _get_list("Token", "The report that a token is for.", _OF_ALL, named="token")
        },
        "/servicerequestupdates.{form}": {
            "get": _get_list("Update", "What happened to reports.", (*_OF_ALL, _FILTERS[0], _KEY), 403)
        },
    }


def _get_list(of: str, summary: str, parameters: tuple[Any, ...], *refusals: int, named: str = "") -> Object:
    return _operation(_list(_reference(of)), summary, parameters, {400, 404, *refusals}, named)


def _get(of: str, summary: str, parameters: tuple[Any, ...], named: str = "") -> Object:
    return _operation(_reference(of), summary, parameters, {400, 404}, named)


def _post() -> Object:
    made = _operation(
        _list(_reference("Receipt")), "Send a report.", (_LANGUAGE,), {400, 403, 404, 411, 413, 429}, ""
    )
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data")
    return {**made, "requestBody": {"required": True, "content": {kind: {"schema": _SENT} for kind in kinds}}}


def _operation(
    schema: Object, summary: str, parameters: tuple[Any, ...], refusals: set[int], named: str
) -> Object:
    path = [{"name": named, "in": "path", "required": True, "schema": _TEXT}] if named else []
    query = [
        {"name": name, "in": "query", "schema": kind, "description": words}
        for name, kind, words in parameters
    ]
    answers = {"200": _answer("As asked.", schema)}
    errors = _list(_reference("Error"))
    answers |= {str(status): _answer("What is wrong.", errors) for status in sorted(refusals)}
    return {"summary": summary, "parameters": [*path, _FORM, *query], "responses": answers}


def _answer(description: str, schema: Object) -> Object:
    content = {"application/json": {"schema": schema}, "text/xml": {}}
    return {"description": description, "content": content}


def _reference(name: str) -> Object:
    return {"$ref": f"#/components/schemas/{name}"}
