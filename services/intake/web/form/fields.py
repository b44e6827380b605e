"""What each step of the form brings, as it comes from a browser: texts, of which an empty one is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from shared.contracts import errors
from shared.contracts.blocks import LONGEST_ADDRESS
from shared.contracts.fields import MESSAGES
from shared.contracts.front_end import Citizen, is_a_place
from shared.contracts.texts import Line, Lines
from shared.l10n import Label, Language, unbroken

Found = dict[str, Any]


class FormErrors(Exception):
    """What is to be mended: name of the field → words."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        super().__init__(", ".join(messages))
        self.messages = dict(messages)


def _between(low: float, high: float) -> validate.Range:
    return validate.Range(low, high, error="not_on_earth")


class Form(Schema):
    """What a page brings; what it does not ask for is passed over."""

    class Meta:
        unknown = EXCLUDE


class What(Form):
    """What it is about, in the person's words and as a category."""

    description = Lines(4000, load_default="")
    category = Line(150, load_default="")


class Where(Form):
    """Where it is. Coordinates come from the telephone, by a script: nobody types them."""

    address = Line(LONGEST_ADDRESS, load_default=None)
    latitude = fields.Float(load_default=None, error_messages=MESSAGES, validate=_between(-90, 90))
    longitude = fields.Float(load_default=None, error_messages=MESSAGES, validate=_between(-180, 180))
    from_photo = fields.Boolean(load_default=False)
    without_place = fields.Boolean(load_default=False)


class Details(Form):
    """What there is to say."""

    description = Lines(4000, required=True)


class Who(Citizen):
    """Who sends it."""

    class Meta:
        unknown = EXCLUDE

    share_contact = fields.Boolean(load_default=False)


def read(schema: type[Schema], form: Mapping[str, str], language: Language) -> Found:
    """What came, by `schema`. Raises FormErrors."""
    came = {name: text for name, text in form.items() if text.strip()}
    try:
        found: Found = schema().load(came)
    except ValidationError as wrong:
        messages = {e["pointer"][1:]: _words(e, language) for e in errors.explain(wrong, language)}
        raise FormErrors(messages) from None
    return found


# What to do about a field that is empty, each in its own words: at the top of the page they stand together.
_MISSING: Mapping[str, Label] = {
    "description": Label("Décrivez ce que vous voyez.", "Describe what you see."),
    "text": Label("Écrivez ce qui ne va pas.", "Write what is wrong."),
    "reason": Label("Dites pourquoi.", "Say why."),
    "first_name": Label("Écrivez votre prénom.", "Write your first name."),
    "last_name": Label("Écrivez votre nom.", "Write your last name."),
    "email": Label("Écrivez votre adresse électronique.", "Write your e-mail address."),
}


def _words(error: Mapping[str, str], language: Language) -> str:
    missing = _MISSING.get(error["pointer"][1:]) if error["code"] == "required" else None
    words: str = unbroken(missing.in_language(language) if missing else error["message"], language)
    return words


def place_of(found: Found, language: Language) -> Found | None:
    """Point and address, where there are any. Raises FormErrors where the point is none."""
    place = {name: found[name] for name in ("latitude", "longitude", "address")}
    if not any(value is not None for value in place.values()):
        return None
    try:
        is_a_place(place)
    except ValidationError:
        raise FormErrors({"address": said("not_on_earth", language)}) from None
    return place


def said(code: str, language: Language) -> str:
    """An error's code in words."""
    return errors.error("", code, language)["message"]
