"""Whether a file has the shape of its schema, told line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from marshmallow import Schema, ValidationError, fields

from services.routing.townfiles import fieldkinds
from services.routing.townfiles.marked import Marked, Mistake, Place, did_you_mean
from shared.l10n.spoken import N_, words_of

_ = words_of("services.routing")

Error = tuple[Place, str]
_MISSING, _UNKNOWN = "Missing data for required field.", "Unknown field."
_NO_NUMBER = N_("should be a number")
_WORDS = {
    "Field may not be null.": N_("has no value"),
    "Invalid input type.": N_("should be a mapping"),
    "Not a valid string.": N_("should be text"),
    "Not a valid list.": N_("should be a list"),
    "Not a valid mapping type.": N_("should be a mapping"),
    "Not a valid boolean.": N_("does not fit"),
    "Not a valid number.": _NO_NUMBER,
    "Number too large.": _NO_NUMBER,
    "Special numeric values (nan or infinity) are not permitted.": _NO_NUMBER,
}
"""marshmallow's messages in the words of who writes the files; all others are ours."""


def check(marked: Marked, schema: Schema) -> Iterator[Mistake]:
    """Every way in which the file's shape is wrong."""
    for place in marked.repeated:
        yield marked.mistake(place, _("'{name}' is there twice", name=place[-1]), _("keep one of them"))
    if not isinstance(marked.data, dict):
        empty = marked.data is None
        message = _("the file is empty") if empty else _("the file should be a mapping")
        yield marked.mistake((), message, _beginning(marked.file, schema))
        return
    errors = list(_flat(schema.validate(marked.data)))
    misspelt = set(_misspelt(errors))
    for place, message in errors:
        if (place, message) not in misspelt:
            yield _told(marked, schema, place, message)


def _beginning(file: str, schema: Schema) -> str:
    if file.endswith(".geojson"):
        return _('a layer is {"type": "FeatureCollection", "features": […]}')
    return _("start with '{field}:'", field=next(iter(schema.fields)))


def _misspelt(errors: list[Error]) -> Iterator[Error]:
    """Fields that are missing only because beside them stands one that is nearly called so."""
    unknown = [place for place, message in errors if message == _UNKNOWN]
    for place, message in errors:
        beside = [str(other[-1]) for other in unknown if other[:-1] == place[:-1]]
        if message == _MISSING and get_close_matches(str(place[-1]), beside, 1):
            yield place, message


def _flat(errors: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            # marshmallow's own levels: a part's errors as a whole, a mapping's wrong keys and values.
            step = () if key in ("_schema", "value", "key") else (key,)
            yield from _flat(inner, (*place, *step))
    else:
        yield from ((place, str(message)) for message in errors)


def _told(marked: Marked, schema: Schema, place: Place, message: str) -> Mistake:
    name = str(place[-1]) if place else ""
    if message == _UNKNOWN:
        holder = _schema_of(_field_at(schema, place[:-1]))
        known = sorted(holder.fields) if holder else []
        return marked.mistake(place, _("unknown field '{name}'", name=name), _instead(name, known))
    found = _field_at(schema, place)
    if message == _MISSING:
        return marked.mistake(place, _("missing field '{name}'", name=name), _expected(found))
    words = _(_WORDS[message]) if message in _WORDS else message
    said = _("{field}: {what}", field=_path(place), what=words)
    return marked.mistake(place, said, _meant(found, marked.at(place)) or _expected(found))


def _instead(name: str, known: list[str]) -> str:
    if name.isdigit():
        return _("decimals are written with a point, as in 48.75")
    if set(known) == {"en", "fr"} and not get_close_matches(name, known):
        return _("put words with a comma in quotes; known here: en, fr")
    return did_you_mean(name, known)


def _expected(field: Any) -> str:
    hint = fieldkinds.hint_of(field) if isinstance(field, fields.Field) else ""
    return _("expected: {hint}", hint=hint) if hint else ""


def _meant(field: Any, value: Any) -> str:
    """What would be right where only the form is wrong: a number for text, one thing for a list."""
    if isinstance(field, fields.String) and isinstance(value, bool | int):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return _('put it in quotes: "{text}"', text=text) if _fits(field, text) else ""
    if isinstance(field, fields.List) and isinstance(value, str) and _fits(field, [value]):
        return _("write [{value}]", value=value)
    return ""


def _fits(field: fields.Field[Any], value: Any) -> bool:
    try:
        field.deserialize(value)
    except ValidationError:
        return False
    return True


def _path(place: Place) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


def _field_at(schema: Schema, place: Place) -> Any:
    """The field that describes a place; the schema itself for the file's top."""
    found: Any = schema
    for step in place:
        holder = _schema_of(found) or found
        if isinstance(holder, Schema):
            found = holder.fields.get(str(step))
        elif isinstance(holder, fields.List):
            found = holder.inner
        elif isinstance(holder, fields.Dict):
            found = holder.value_field
    return found


def _schema_of(found: Any) -> Schema | None:
    if isinstance(found, fields.Nested):
        schema: Schema = found.schema
        return schema
    return found if isinstance(found, Schema) else None
