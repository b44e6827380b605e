"""What was ever said in an example can be read today; unknown fields are told from known ones."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson
import pytest
from marshmallow import ValidationError

from shared.contracts import errors, registry
from shared.contracts.envelope import Event, decode
from tests.contract.examples import FOLDER, PATHS, document, each_example, event, objects


def test_examples_are_only_ever_added_to() -> None:
    recorded = {
        name: digest
        for digest, name in (line.split("  ") for line in (FOLDER / "SHA256SUMS").read_text().splitlines())
    }
    found = {str(path.relative_to(FOLDER)): hashlib.sha256(path.read_bytes()).hexdigest() for path in PATHS}
    assert found == recorded, "an example was changed, removed, or added without its line in SHA256SUMS"


def test_each_event_has_a_full_and_a_minimal_example() -> None:
    by_type = {type_: {path.stem for path in PATHS if path.parent.name == type_} for type_ in registry.EVENTS}
    assert {path.parent.name for path in PATHS} == set(registry.EVENTS)
    assert not {type_: names for type_, names in by_type.items() if not {"full", "minimal"} <= names}


@each_example
def test_example_keeps_to_its_contract(path: Path) -> None:
    registry.check(event(path))


@each_example
def test_example_is_read_with_all_that_it_says(path: Path) -> None:
    assert _without_defaults(registry.read(event(path)), event(path).data) == event(path).data


@each_example
def test_example_survives_being_written_again(path: Path) -> None:
    assert decode(event(path).encode()) == event(path)


@each_example
def test_unknown_field_is_passed_over_by_readers_at_every_level(path: Path) -> None:
    plain = registry.read(event(path))
    for pointer, _ in objects(document(path)["data"], "/data"):
        assert registry.read(decode(_with_stranger(path, pointer))) == plain


@each_example
def test_unknown_field_is_refused_to_producers_at_every_level(path: Path) -> None:
    for pointer, _ in objects(document(path)["data"], "/data"):
        with pytest.raises(ValidationError) as caught:
            registry.check(decode(_with_stranger(path, pointer)))
        assert [(e["pointer"], e["code"]) for e in errors.explain(caught.value)] == [
            (f"{pointer}/stranger", "unknown_field")
        ]


@each_example
def test_unknown_extension_attribute_is_passed_over(path: Path) -> None:
    body = orjson.dumps(document(path) | {"partitionkey": "7", "dataschema": "https://example.org/s"})
    assert decode(body) == event(path)


@each_example
def test_each_envelope_attribute_that_a_type_needs_is_missed(path: Path) -> None:
    contract = registry.EVENTS[event(path).type]
    for name in contract.needs:
        with pytest.raises(ValidationError) as caught:
            registry.check(_without(event(path), name))
        assert caught.value.messages == {name: ["required"]}


def _without(event: Event, name: str) -> Event:
    return Event(**{field.name: getattr(event, field.name) for field in fields(Event)} | {name: None})


def _without_defaults(read: Any, said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _without_defaults(read[name], item) for name, item in said.items()}
    if isinstance(said, list):
        return [_without_defaults(*pair) for pair in zip(read, said, strict=True)]
    return read


def _with_stranger(path: Path, pointer: str) -> bytes:
    whole = document(path)
    dict(objects(whole))[pointer]["stranger"] = {"a": [1]}
    return orjson.dumps(whole)
