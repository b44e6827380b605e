"""The kinds of value that an event may hold, as marshmallow fields; `texts` has those that are text.

An error is a stable code, with its limit after a colon where it has one (``too_long:4000``); `errors` turns
codes into sentences. The rules are standard validators, so that JSON Schema can be made from them. `quick` is
one test of the same rules for `quick.reader`: it returns what the field would load, or raises `NotQuick`, and
then the field itself judges.
"""

from collections.abc import Callable, Iterable
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate
from marshmallow.types import ErrorMessages

Convert = Callable[[Any], Any]
FEW = 12  # so many choices can be said in one sentence
MESSAGES: ErrorMessages = {
    "required": "required",
    "null": "required",
    "invalid": "invalid",
    "type": "invalid",
}
NUMBER_MESSAGES: ErrorMessages = MESSAGES | {
    "invalid": "not_a_number",
    "special": "not_a_number",
    "too_large": "out_of_range",
}


class NotQuick(Exception):
    """The quick test does not take this value; the schema decides."""


class Block(Schema):
    """An object of a contract: closed, unless `quick.tolerant` opens it for a reader."""

    error_messages = {"type": "invalid", "unknown": "unknown_field"}  # noqa: RUF012

    class Meta:
        unknown = RAISE


class Choice(fields.String):
    """One of a few words; `clean` makes one of them of what is written otherwise."""

    default_error_messages = MESSAGES

    def __init__(
        self, choices: Iterable[str], *, clean: Callable[[str], str] | None = None, **options: Any
    ) -> None:
        self.choices, self.clean = tuple(choices), clean
        listed = ", ".join(self.choices)
        wrong = f"not_a_choice.of:{listed}" if len(self.choices) <= FEW else "not_a_choice"
        rule = validate.OneOf(self.choices, error=wrong)
        super().__init__(validate=rule, error_messages={"invalid": wrong}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        word = super()._deserialize(value, attr, data, **options)
        return self.clean(word) if self.clean else word

    def quick(self) -> Convert:
        allowed, clean = frozenset(self.choices), self.clean

        def convert(value: Any) -> str:
            if type(value) is str:
                word = clean(value) if clean else value
                if word in allowed:
                    return word
            raise NotQuick

        return convert


class Only(fields.String):
    """One fixed text."""

    default_error_messages = MESSAGES

    def __init__(self, text: str, **options: Any) -> None:
        wrong = f"invalid.only:{text}"
        rule = validate.Equal(text, error=wrong)
        super().__init__(validate=rule, error_messages={"invalid": wrong}, **options)
        self.text = text

    def quick(self) -> Convert:
        text = self.text

        def convert(value: Any) -> str:
            if value == text:
                return text
            raise NotQuick

        return convert


class AnyObject(fields.Dict):
    """A JSON object, whatever it holds."""

    default_error_messages = MESSAGES

    def quick(self) -> Convert:
        def convert(value: Any) -> dict[str, Any]:
            if type(value) is dict:
                return value
            raise NotQuick

        return convert


class Number(fields.Float):
    """A finite JSON number, never a text that looks like one. `low` and `high` are included."""

    default_error_messages = NUMBER_MESSAGES

    def __init__(self, low: float, high: float, *, wrong: str = "out_of_range", **options: Any) -> None:
        super().__init__(validate=validate.Range(low, high, error=wrong), **options)
        self.low, self.high = low, high

    def _validated(self, value: Any) -> float:
        if type(value) not in (int, float):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)

    def quick(self) -> Convert:
        low, high = self.low, self.high

        def convert(value: Any) -> float:
            if type(value) in (float, int) and low <= value <= high:
                return float(value)
            raise NotQuick

        return convert


class Count(fields.Integer):
    """A whole JSON number from `low` on."""

    default_error_messages = NUMBER_MESSAGES

    def __init__(self, low: int = 0, **options: Any) -> None:
        super().__init__(validate=validate.Range(low, 2**53, error="out_of_range"), **options)
        self.low = low

    def _validated(self, value: Any) -> int:
        if type(value) is not int:
            raise self.make_error("invalid", input=value)
        return value

    def quick(self) -> Convert:
        low = self.low

        def convert(value: Any) -> int:
            if type(value) is int and low <= value <= 2**53:
                return value
            raise NotQuick

        return convert


class Flag(fields.Boolean):
    """true or false; not 1, not "yes"."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> bool:
        if type(value) is not bool:
            raise self.make_error("invalid", input=value)
        return value

    def quick(self) -> Convert:
        def convert(value: Any) -> bool:
            if type(value) is bool:
                return value
            raise NotQuick

        return convert


class Nested(fields.Nested):
    """An object in an object."""

    default_error_messages = MESSAGES


class Several(fields.List[Any]):
    """A list of `least` to `most` items."""

    default_error_messages = MESSAGES

    def __init__(self, inner: fields.Field[Any], *, least: int = 0, most: int, **options: Any) -> None:
        rules = [
            validate.Length(min=least, error="empty"),
            validate.Length(max=most, error="too_many:{max}"),
        ]
        super().__init__(inner, validate=rules, **options)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        # Counted before its items are read: a body may hold a hundred thousand.
        if isinstance(value, list) and len(value) > self.most:
            raise ValidationError(f"too_many:{self.most}")
        return super()._deserialize(value, attr, data, **options)
