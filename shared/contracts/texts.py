"""The kinds of text that an event may hold, as marshmallow fields."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache, partial
from typing import Any

from email_validator import EmailNotValidError, validate_email
from marshmallow import ValidationError, fields, validate

from shared.addresses import AddressError, in_ascii
from shared.contracts.characters import trimmed
from shared.contracts.fields import MESSAGES, Convert, NotQuick
from shared.ids import as_given

VISIBLE = r"^[!-~]+$"
SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
PATH = r"^[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*$"
# Nothing that breaks a line or reverses its reading: such a line may become a mail's subject.
ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*$"
MANY_LINES = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$"
COLOUR = r"^#[0-9a-fA-F]{6}$"
URL = r"^https?://[!-~]+$"
DAY = r"^[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$"
CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
MOMENT = DAY[:-1] + "T" + CLOCK + r":[0-5][0-9](?:\.[0-9]{1,9})?(?:Z|[+-]" + CLOCK + ")$"
HOUR = DAY[:-1] + r"T(?:[01][0-9]|2[0-3]):00:00Z$"

CELL = r"^-?[0-9]{1,2}\.[0-9]{3}:-?[0-9]{1,3}\.[0-9]{3}$"


class Whole(validate.Regexp):
    """The pattern fits the whole text: Python's ``$`` alone lets a line break follow."""

    def __call__(self, value: Any) -> Any:
        if not self.regex.fullmatch(value):
            raise ValidationError(self.error or "invalid")
        return value


class Text(fields.String):
    """A text of `shortest` to `longest` characters that fits `like`.

    `clean` runs first (stripping, say); `check` last, for what no pattern says. `wrong` is a misfit's code,
    `excess` that of a text too long.
    """

    default_error_messages = MESSAGES

    def __init__(
        self,
        longest: int,
        *,
        shortest: int = 1,
        like: str = ONE_LINE,
        wrong: str = "invalid_characters",
        excess: str = "too_long:{max}",
        clean: Callable[[str], str] | None = None,
        check: Callable[[str], None] | None = None,
        **options: Any,
    ) -> None:
        short = "empty" if shortest == 1 else "too_short:{min}"
        rules: list[Callable[[str], Any]] = [
            validate.Length(min=shortest, error=short),
            validate.Length(max=longest, error=excess),
            Whole(like, error=wrong),
        ]
        super().__init__(validate=[*rules, *([check] if check else [])], **options)
        self.shortest, self.longest, self.like, self.clean, self.check = shortest, longest, like, clean, check

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        return self.clean(text) if self.clean else text

    def quick(self) -> Convert:
        fits, low, high, clean = _quick_test(self.like, self.check), self.shortest, self.longest, self.clean

        def plain(value: Any) -> str:
            if type(value) is str and low <= len(value) <= high and fits(value):
                return value
            raise NotQuick

        def cleaned(value: Any) -> str:
            if type(value) is str:
                return plain(clean(value))  # type: ignore[misc]
            raise NotQuick

        return cleaned if clean else plain


@cache
def _quick_test(like: str, check: Callable[[str], None] | None) -> Callable[[str], bool]:
    """Whether a text fits `like` and passes `check`, by the cheapest way to be sure of it.

    What comes again and again, such as a town's name, is remembered; what a person wrote never is.
    """
    pattern = re.compile(like).fullmatch
    if like == VISIBLE and not check:
        return lambda text: text.isascii() and text.isprintable() and " " not in text
    if like in (ONE_LINE, MANY_LINES):
        return lambda text: bool(text.isprintable() or pattern(text)) and not (check and check(text))
    return lru_cache(4096)(lambda text: bool(pattern(text)) and not (check and check(text)))


def on_calendar(value: str, wrong: str = "invalid_date") -> None:
    """The 30th of February fits the pattern."""
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise ValidationError(wrong) from None


_NO_DAY = "invalid_date.day"
_is_a_day = partial(on_calendar, wrong=_NO_DAY)


def deliverable(value: str) -> None:
    """An address by its syntax alone: nothing is looked up."""
    local, _, domain = value.rpartition("@")
    if not (_PLAIN_LOCAL(local) and len(local) <= 64 and _is_domain(domain)) and not _is_address(value):
        raise ValidationError("invalid_email")


_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*").fullmatch


@lru_cache(10_000)
def _is_domain(domain: str) -> bool:
    """Most addresses are of a few domains, and looking at one takes long."""
    return len(domain) <= 180 and _is_address(f"a@{domain}")


def _is_address(value: str) -> bool:
    try:
        validate_email(value, check_deliverability=False, allow_smtputf8=False)
        in_ascii(value)
    except (EmailNotValidError, AddressError):
        return False
    return True


def Line(longest: int = 200, **options: Any) -> Text:
    """One line of text."""
    return Text(longest, like=ONE_LINE, clean=trimmed, **options)


def Lines(longest: int = 4000, **options: Any) -> Text:
    """A text of several lines."""
    return Text(longest, like=MANY_LINES, clean=trimmed, **options)


def Id(**options: Any) -> Text:
    """An opaque identifier, 1 to 200 visible ASCII characters: it must fit AMQP's 255 bytes."""
    return Text(200, like=VISIBLE, **options)


def GivenId(**options: Any) -> Text:
    """An id that Vigie gave, and that comes back: `5AC0…` and `{5ac0…}` are `5ac0…`."""
    return Id(clean=as_given, **options)


def Slug(**options: Any) -> Text:
    """A short name in a key: no dot, which would cut a routing key."""
    return Text(60, like=SLUG, wrong="invalid", **options)


def CategoryPath(**options: Any) -> Text:
    """A category's slug, with its parents': ``voirie/nid-de-poule``."""
    return Text(150, like=PATH, wrong="invalid", **options)


def Url(**options: Any) -> Text:
    """An absolute http(s) address."""
    return Text(2000, like=URL, wrong="invalid", **options)


def Colour(**options: Any) -> Text:
    """A colour as CSS has it: `#0b5563`."""
    return Text(7, like=COLOUR, wrong="invalid", **options)


def Moment(**options: Any) -> Text:
    """An instant, RFC 3339 with its offset, kept as text."""
    wrong = "invalid_date"
    return Text(40, like=MOMENT, wrong=wrong, excess=wrong, check=on_calendar, **options)


def Hour(**options: Any) -> Text:
    """A whole hour in UTC."""
    return Text(20, like=HOUR, wrong="invalid_date", check=on_calendar, **options)


def Day(**options: Any) -> Text:
    """A date, RFC 3339."""
    return Text(10, like=DAY, wrong=_NO_DAY, excess=_NO_DAY, check=_is_a_day, **options)


def Cell(**options: Any) -> Text:
    """A cell of the statistics' grid, by its south-west corner in degrees: ``48.812:2.340``."""
    return Text(40, like=CELL, wrong="invalid", **options)


def Email(**options: Any) -> Text:
    """A mail address of at most 254 characters (RFC 5321)."""
    return Text(254, clean=trimmed, check=deliverable, wrong="invalid_email", **options)


class Answers(fields.Dict):
    """Questions' slugs to answers' texts; at most 20, of at most 1,000 characters."""

    default_error_messages = MESSAGES

    def __init__(self, *, most: int = 20, longest: int = 1000, **options: Any) -> None:
        self.question = Text(100)
        self.answer = Text(longest, shortest=0, like=MANY_LINES, clean=trimmed)
        rule = validate.Length(max=most, error="too_many:{max}")
        super().__init__(self.question, self.answer, validate=rule, **options)
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> dict[Any, Any]:
        if isinstance(value, dict) and len(value) > self.most:
            raise ValidationError(f"too_many:{self.most}")
        try:
            answers: dict[Any, Any] = super()._deserialize(value, attr, data, **options)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            # marshmallow tells a key's errors from a value's one level deeper; a pointer has no such level.
            raise ValidationError(_flat(error.messages)) from None
        return answers

    def quick(self) -> Convert:
        question, answer, most = self.question.quick(), self.answer.quick(), self.most

        def convert(value: Any) -> dict[str, str]:
            if type(value) is not dict or len(value) > most:
                raise NotQuick
            return {question(key): answer(text) for key, text in value.items()}

        return convert


def _flat(messages: Any) -> Any:
    if not isinstance(messages, dict):
        return messages
    return {key: [*where.get("key", []), *where.get("value", [])] for key, where in messages.items()}
