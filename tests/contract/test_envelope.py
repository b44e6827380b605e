"""The envelope: what is written is read back, and what readers could misread is refused."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from shared.contracts.envelope import CONTENT_TYPE, Event, decode
from tests.contract.examples import document, each_example, example
from tests.contract.strategies import JUNK

GOOD = orjson.loads(example("report.submitted.v1").encode())


def refusal(body: bytes) -> Any:
    with pytest.raises(ValidationError) as caught:
        decode(body)
    return caught.value.messages


def test_content_type_is_the_structured_mode_of_cloudevents() -> None:
    assert CONTENT_TYPE == "application/cloudevents+json"


def test_unset_attributes_are_left_out() -> None:
    event = Event("1", "urn:a", "b.c.v1", "gentilly", "2026-11-22T10:00:00Z", {})
    assert orjson.loads(event.encode()) == {
        "specversion": "1.0",
        "datacontenttype": "application/json",
        "id": "1",
        "source": "urn:a",
        "type": "b.c.v1",
        "town": "gentilly",
        "time": "2026-11-22T10:00:00Z",
        "data": {},
    }


def test_null_attributes_count_as_unset() -> None:
    assert decode(orjson.dumps(GOOD | {"traceparent": None})).traceparent is None


@each_example
def test_layout_of_the_json_does_not_matter(path: Any) -> None:
    for written in (json.dumps(document(path)), json.dumps(document(path), indent=1, ensure_ascii=False)):
        assert decode(written.encode()) == decode(path.read_bytes())


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed"),
        (b"not JSON", "malformed"),
        (b"\x80\x04\x95\x0b", "malformed"),  # a pickle
        (b"\xff\xfe{\x00}\x00", "malformed"),  # UTF-16
        (b"\xef\xbb\xbf{}", "malformed"),  # a byte order mark
        (b'{"id": NaN}', "malformed"),
        (b'{"id": 1e999}', "malformed"),
        (b'{"id": "\\ud800"}', "malformed"),  # half of a surrogate pair
        (b"[" * 100_000, "malformed"),
        (b"[" * 300 + b"]" * 300, "malformed"),
        (b'{"id": "a", "id": "b"}', "duplicate_name"),
        (b'{"id":"a","id":"b"}', "duplicate_name"),
        (b'{"data":{"x":1,"x":1}}', "duplicate_name"),
        (b'{"data":[[{"x":1,"\\u0078":2}]]}', "duplicate_name"),
    ],
)
def test_body_that_readers_could_misread_is_refused(body: bytes, code: str) -> None:
    assert refusal(body) == [code]


def test_nul_is_refused_where_it_is() -> None:
    assert refusal(b'{"data":{"x":[1,"a\\u0000b"]}}') == {"data": {"x": {1: ["invalid_characters"]}}}
    assert refusal(b'{"data":[{"a\\u0000b":1}]}') == {"data": {0: ["invalid_characters"]}}
    assert refusal(b'["\\u0000"]') == {0: ["invalid_characters"]}


def test_backslash_before_what_looks_like_nul_is_text() -> None:
    assert decode(orjson.dumps(GOOD | {"data": {"x": "\\u0000"}})).data == {"x": "\\u0000"}


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"text"'])
def test_body_must_be_an_object(body: bytes) -> None:
    assert refusal(body) == {"_schema": ["invalid"]}


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "town", "time", "data"])
def test_attribute_is_required(name: str) -> None:
    assert refusal(orjson.dumps({key: GOOD[key] for key in GOOD if key != name})) == {name: ["required"]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "0.3"),
        ("datacontenttype", "text/plain"),
        ("id", ""),
        ("id", 7),
        ("id", "x" * 201),
        ("id", "é"),  # 200 of them would not fit AMQP's 255 bytes
        ("id", "a\nb"),
        ("type", "x" * 101),
        ("town", "gentilly.autre"),
        ("town", "Gentilly"),
        ("town", "gentilly\n"),
        ("time", "2026-11-22"),
        ("time", "2026-11-22T10:00:00"),
        ("time", "2026-02-30T10:00:00Z"),
        ("time", "2026-11-22T24:00:00Z"),
        ("time", "0001-01-01T00:00:00+14:00"),
        ("data", []),
        ("data", None),
        ("sequence", "1"),
        ("sequence", 1),
        ("subject", "a b"),
        ("traceparent", "00-abc-def-01"),
    ],
)
def test_attribute_of_another_form_is_refused(name: str, value: object) -> None:
    assert list(refusal(orjson.dumps(GOOD | {name: value}))) == [name]


@given(st.binary(max_size=200) | st.builds(orjson.dumps, st.builds(lambda junk: GOOD | {"data": junk}, JUNK)))
def test_any_body_is_an_event_or_a_validation_error(body: bytes) -> None:
    try:
        event = decode(body)
    except ValidationError:
        return
    assert decode(event.encode()) == event


@given(st.dictionaries(st.text('ab\\": \t', max_size=4), JUNK, max_size=4))
def test_no_document_without_duplicates_is_taken_for_one_with_them(data: dict[str, Any]) -> None:
    if "\0" in json.dumps(data, ensure_ascii=False).replace("\\u0000", "\0"):
        return
    for options in ({}, {"indent": 2}, {"separators": (" ,", " : ")}):
        whole = json.dumps(GOOD | {"data": data}, **options).encode()
        assert decode(whole).data == orjson.loads(orjson.dumps(data))
