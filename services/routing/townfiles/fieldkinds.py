"""The kinds of field in a town's files; each knows a hint of what it should look like."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from email_validator import EmailNotValidError, validate_email
from marshmallow import ValidationError, fields

from services.routing.domain.public_holidays import UnknownHolidays, public_holidays
from services.routing.townfiles.marked import shown
from shared.colours import is_colour
from shared.contracts.characters import shows
from shared.contracts.kinds import CONFIRMATION_DAYS, LONGEST_CONFIRMATION_DAYS
from shared.contracts.texts import URL
from shared.l10n.spoken import N_, spoken, words_of

_ = words_of("services.routing")

DELAY = re.compile(r"([1-9][0-9]{0,2}) (working|calendar) (hour|day)s?")
HOURS = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)")
DAYS = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}(/20[0-9]{2}-[0-9]{2}-[0-9]{2})?")
MINUTE = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_YEAR = timedelta(days=366)
_LOOSE_TIME = re.compile(r"([0-9]{1,2})(?: ?[:hH.]? ?([0-5][0-9]))?(?: ?[hH]|:00)?")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PATH = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*){0,2}")
RULE = re.compile(r"[A-Z]{1,3}[0-9]{1,4}")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def fits(pattern: re.Pattern[str], longest: int = 60) -> Any:
    def check(value: str) -> None:
        if len(value) > longest or not pattern.fullmatch(value):
            raise ValidationError(_("'{value}' does not fit", value=value[:60]))

    return check


def words(value: str) -> None:
    if not shows(value) or len(value) > 1000 or CONTROL.search(value):
        raise ValidationError(_("is empty, too long or has control characters"))


def short_words(value: str) -> None:
    if not shows(value) or len(value) > 100 or CONTROL.search(value) or "\n" in value:
        raise ValidationError(_("is empty, over 100 characters or has control characters"))


def email(value: str) -> None:
    try:
        validate_email(value, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValidationError(_("'{value}' is no mail address", value=value[:80])) from None


def zone(value: str) -> None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError(_("'{value}' is no time zone", value=value[:60])) from None


def holidays(value: str) -> None:
    try:
        public_holidays(value, datetime.now().year)
    except UnknownHolidays as error:
        raise ValidationError(error.said.in_language(spoken())) from None


def closed_days(text: str) -> tuple[date, date]:
    """The first and the last day of `2026-12-24` or `2026-12-24/2027-01-02`. Raises ValidationError."""
    try:
        days = [date.fromisoformat(day) for day in text.split("/")] if DAYS.fullmatch(text) else []
    except ValueError:  # as 2026-02-30
        days = []
    if not days:
        raise ValidationError(_("{value} is no day, and no days in a row", value=shown(text)))
    if not timedelta() <= days[-1] - days[0] < _YEAR:
        message = _("{value} ends before it begins, or after more than a year", value=shown(text))
        raise ValidationError(message)
    return days[0], days[-1]


def closed(value: str) -> None:
    closed_days(value)


def Text(hint: str, check: Any = words, **options: Any) -> fields.String:
    return fields.String(validate=check, metadata={"hint": hint}, **options)


def Slug(**options: Any) -> fields.String:
    return Text(N_("a short name of a-z, 0-9 and '-', as in espaces-verts"), fits(SLUG), **options)


def RuleName(**options: Any) -> fields.String:
    return Text(N_("letters and a number, as in R12"), fits(RULE), **options)


class _Time(fields.String):
    """Local time; a number is told with the time that was probably meant, since other readers of YAML make
    one of `12:00` without quotes."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        meant = _time_meant(value)
        if isinstance(value, str) and (MINUTE.fullmatch(value) or not meant):
            return super()._deserialize(value, *args, **kwargs)
        wrong = _("{value} is no time", value=shown(value))
        right = _('write "{time}"', time=meant) if meant else ""
        raise ValidationError(_("{message}; {hint}", message=wrong, hint=right) if meant else wrong)


def _time_meant(value: Any) -> str:
    """`9:00`, `9h`, `12.30`, `1200`, and 720 for 12:00, counted in sixtieths as YAML once did."""
    if isinstance(value, int) and 60 <= value <= 1440:
        value = f"{value // 60}:{value % 60:02}"
    found = _LOOSE_TIME.fullmatch(str(value).strip())
    time = f"{int(found[1]):02}:{found[2] or '00'}" if found else ""
    return time if MINUTE.fullmatch(time) else ""


def Time(example: str, **options: Any) -> fields.String:
    metadata = {"hint": N_('local time in quotes, as in "{example}"'), "values": {"example": example}}
    return _Time(validate=fits(MINUTE), metadata=metadata, **options)


def hours(value: str) -> None:
    fits(HOURS)(value)
    if value[:5] == value[6:]:
        raise ValidationError(_("'{value}' ends when it begins", value=value))


def Email(**options: Any) -> fields.String:
    return Text(N_("as in voirie@example.org"), email, **options)


def colour(value: str) -> None:
    if not is_colour(value):
        raise ValidationError(_("{value} is no colour", value=shown(value)))


def Address(**options: Any) -> fields.String:
    return Text(
        N_("a page's address, as in https://www.ma-ville.fr/contact"), fits(re.compile(URL), 500), **options
    )


def Flag(**options: Any) -> fields.Boolean:
    return fields.Boolean(truthy={True}, falsy={False}, metadata={"hint": N_("true or false")}, **options)


def OneOf(known: tuple[str, ...], **options: Any) -> fields.String:
    def check(value: str) -> None:
        if value not in known:
            raise ValidationError(_("'{value}' is unknown", value=value[:60]))

    metadata = {"hint": N_("one of: {known}"), "values": {"known": ", ".join(known)}}
    return fields.String(validate=check, metadata=metadata, **options)


def ListOf(item: fields.Field[Any], least: int = 0, most: int = 200, **options: Any) -> fields.List[Any]:
    def check(value: list[Any]) -> None:
        if not least <= len(value) <= most:
            raise ValidationError(_("should have {least} to {most} items", least=least, most=most))

    return fields.List(item, validate=check, metadata={"hint": N_("a list")}, **options)


def Number(low: float, high: float, hint: str, **options: Any) -> fields.Float:
    return fields.Float(validate=_between(low, high), metadata={"hint": hint}, **options)


def KeptDays() -> fields.Integer:
    check = _between(1, LONGEST_CONFIRMATION_DAYS)
    metadata = {"hint": N_("whole days, 1 to 90")}
    return fields.Integer(strict=True, validate=check, metadata=metadata, load_default=CONFIRMATION_DAYS)


def _between(low: float, high: float) -> Callable[[float], None]:
    def check(value: float) -> None:
        if not low <= value <= high:
            raise ValidationError(_("must be between {low} and {high}", low=low, high=high))

    return check


def hint_of(field: fields.Field[Any]) -> str:
    """What the field should look like, in words; "" where nothing is to be said of it."""
    hint = field.metadata.get("hint")
    said = _(hint, **field.metadata.get("values", {})) if hint else ""
    each = hint_of(field.inner) if isinstance(field, fields.List) else ""
    return _("{list}; each {item}", list=said, item=each) if said and each else said


def Slugs(**options: Any) -> fields.List[Any]:
    return ListOf(Text(N_("slug as where it is defined"), fits(PATH, 150)), **options)
