"""Errors for the people and programs that send something: a list of `{pointer, code, message}`.

`pointer` is RFC 6901 from the event's root, `code` is stable, `message` says what to do, in French or English
and without repeating what was sent.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError
from marshmallow.exceptions import SCHEMA

from shared.contracts.quick import Read, reader, sound
from shared.contracts.sentences import PRECISELY, SENTENCES

MOST = 20
LONGEST_NAME = 100
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}|[0-9]{1,3}")
ErrorEntry = dict[str, str]


def error(pointer: str, code: str, language: str = "fr") -> ErrorEntry:
    """One entry of the list. What is no code: ``invalid``.

    `code` may carry its limit (``too_long:4000``), and which of its cases it is (``not_allowed.town``).
    """
    case, _, limit = code.partition(":")
    name = case.partition(".")[0]
    if name not in SENTENCES:
        case = name = "invalid"
    sentence = PRECISELY.get(case, SENTENCES[name]).in_language(language)
    return {"pointer": pointer, "code": name, "message": sentence.format(limit=limit)}


def explain(exc: ValidationError, language: str = "fr") -> list[ErrorEntry]:
    """What is wrong, one entry for each place, 20 at the most."""
    found: dict[str, str] = {}
    for pointer, code in _places(exc.messages, ""):
        found.setdefault(pointer, code)
        if len(found) == MOST:
            break
    return [error(pointer, code, language) for pointer, code in found.items()]


def kept(name: str) -> str:
    """A field's name as it may be kept and shown: what only looks like one, somebody may have written."""
    return name if _NAME.fullmatch(name) else f"({len(name)} characters)"


def kept_pointer(pointer: str) -> str:
    """Where an error is, as it may be kept: the sender itself is told the names that it gave."""
    return "/".join(step and kept(step) for step in pointer.split("/")) or "/"


def invalid(pointer: str, code: str) -> ValidationError:
    """The exception that says `code` at `pointer` (``""`` is the whole event)."""
    messages: Any = [code]
    for step in reversed(pointer.split("/")[1:] or [SCHEMA]):
        messages = {step.replace("~1", "/").replace("~0", "~"): messages}
    return ValidationError(messages)


def load_data(schema: Schema, data: Any) -> dict[str, Any]:
    """An event's data by `schema`, as open or closed as that is.

    Raises marshmallow.ValidationError, with the codes under ``data``, and `valid_data`: the fields in which
    nothing is wrong.
    """
    try:
        return _reader(schema)(data)
    except ValidationError as exc:
        raise ValidationError({"data": exc.messages}, valid_data=sound(exc)) from None


@cache
def _reader(schema: Schema) -> Read:
    return reader(schema)


def _places(messages: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _places(inner, under(pointer, name))
    elif isinstance(messages, list):
        for item in messages:
            yield from _places(item, pointer)
    else:
        yield pointer, str(messages)


def under(pointer: str, name: Any) -> str:
    """One level deeper; a name too long to be a field's is left out, for its sender chose it."""
    step = str(name)
    if step == SCHEMA or len(step) > LONGEST_NAME:
        return pointer
    return pointer + "/" + step.replace("~", "~0").replace("/", "~1")
