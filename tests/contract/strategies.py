"""Values for Hypothesis: what a schema takes, and what nobody should take."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields

from shared.contracts.characters import shows
from shared.contracts.envelope import DIGITS, TRACEPARENT
from shared.contracts.fields import AnyObject, Choice, Count, Flag, Number, Only, Several
from shared.contracts.texts import (
    CELL,
    DAY,
    HOUR,
    MOMENT,
    PATH,
    SLUG,
    URL,
    VISIBLE,
    Answers,
    Text,
    deliverable,
)

Strategy = st.SearchStrategy[Any]
_WORD = st.text("abz09", min_size=1, max_size=8)
_SLUG = st.lists(_WORD, min_size=1, max_size=3).map("-".join)
_DAY = st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(date.isoformat)
_CLOCK = st.sampled_from(("00:00", "09:30", "23:59"))
_ZONE = st.just("Z") | st.builds("{}{}".format, st.sampled_from("+-"), _CLOCK)
_SECONDS = st.sampled_from((":00", ":59", ":07.5", ":00.123456789"))
EMAILS = st.builds("{}@{}.{}".format, _WORD, _WORD, st.sampled_from(("org", "fr", "example.org")))
VISIBLE_ASCII = st.characters(min_codepoint=33, max_codepoint=126)
_SPACE = st.sampled_from(("", "", " ", "\r\n", "\r", "\t "))

JUNK: Strategy = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=20)
    | st.sampled_from(("", "x" * 5000, "a\r\nBcc: b@example.org", "\u202eabc", "48.8", "problem")),
    lambda inner: (
        st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from(("fr", "id", "\x01", "a/b~c")), inner)
    ),
    max_leaves=8,
)


def objects(schema: Schema) -> Strategy:
    """Objects that `schema` loads, optional fields there or not."""
    required = {name: values(field) for name, field in schema.load_fields.items() if field.required}
    optional = {name: values(field) for name, field in schema.load_fields.items() if not field.required}
    return st.fixed_dictionaries(required, optional=optional)


def values(field: fields.Field[Any]) -> Strategy:
    """Values that `field` loads."""
    taken = _values(field)
    return taken | st.none() if field.allow_none else taken


def _values(field: fields.Field[Any]) -> Strategy:
    match field:
        case Text():
            return _texts(field)
        case Only():
            return st.just(field.text)
        case Choice():
            spelt = [word.upper() + "-001" for word in field.choices] if field.clean else []
            return st.sampled_from([*field.choices, *spelt])
        case Number():
            return st.floats(field.low, field.high) | st.integers(int(field.low), int(field.high))
        case Count():
            return st.integers(field.low, 2**53)
        case Flag():
            return st.booleans()
        case AnyObject():
            return st.dictionaries(st.text("ab", max_size=3), st.integers(), max_size=3)
        case Answers():
            return st.dictionaries(values(field.question), values(field.answer), max_size=field.most)
        case Several():
            return st.lists(values(field.inner), min_size=field.least, max_size=min(field.most, 2))
        case fields.Nested():
            return objects(field.schema).filter(lambda value: _passes(field, value))
    raise TypeError(f"no strategy for {type(field).__name__}")


def _passes(field: fields.Nested, value: Any) -> bool:
    try:
        for rule in field.validators:
            rule(value)
    except ValidationError:
        return False
    return True


BY_PATTERN: dict[str, Strategy] = {
    VISIBLE: st.text(VISIBLE_ASCII, min_size=1, max_size=20),
    URL: st.text(VISIBLE_ASCII, min_size=1, max_size=20).map("https://".__add__),
    SLUG: _SLUG,
    PATH: st.lists(_SLUG, min_size=1, max_size=3).map("/".join),
    CELL: st.sampled_from(("48.812:2.340", "-21.100:55.500", "-90.000:-360.000", "0.000:0.000")),
    DAY: _DAY,
    HOUR: st.builds("{}T{}:00:00Z".format, _DAY, st.sampled_from(("00", "19", "23"))),
    MOMENT: st.builds("{}T{}{}{}".format, _DAY, _CLOCK, _SECONDS, _ZONE),
    DIGITS: st.text("0123456789", min_size=10, max_size=10),
    TRACEPARENT: st.text("0f", min_size=16, max_size=16).map(lambda half: f"00-{half}{half}-{half}-01"),
}


def _texts(field: Text) -> Strategy:
    if field.check is deliverable:
        return EMAILS
    if field.like in BY_PATTERN:
        return BY_PATTERN[field.like]
    alphabet = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf", "Zs"))
    inner = st.text(alphabet, min_size=field.shortest, max_size=min(field.longest, 60))
    inner = inner.filter(lambda text: shows(text) or not field.shortest)
    return st.builds("{}{}{}".format, _SPACE, inner, _SPACE) if field.clean else inner


@st.composite
def spoilt(draw: st.DrawFn, whole: Strategy) -> Any:
    """`whole`, with one thing in it changed, taken away or added, anywhere."""
    value = draw(whole)
    holder: Any = value
    while True:
        inner = [item for item in _items(holder) if isinstance(item, dict | list)]
        if not inner or draw(st.booleans()):
            break
        holder = draw(st.sampled_from(inner))
    if isinstance(holder, list):
        holder.append(draw(JUNK))
        return value
    name = draw(st.sampled_from([*sorted(holder), "stranger"]))
    if draw(st.booleans()) and name in holder:
        del holder[name]
    else:
        holder[name] = draw(JUNK)
    return value


def _items(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else list(value)
