"""A report that a client sends: GeoReport's form as a submission of the front end whose key it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import ValidationError

from services.intake.domain.georeport import KIND
from services.intake.domain.reports import FieldError
from services.intake.domain.submissions import Submission, submission_of
from services.intake.store.photos import Owner
from services.intake.web.open311.asking import Parameters, degrees, given
from services.intake.web.open311.errors import GeoReportError
from shared import ids
from shared.contracts import errors
from shared.contracts.envelope import Cause
from shared.contracts.front_end import SubmissionSentV1
from shared.l10n import Language

_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,100})\](?:\[\])?")
# Where the contract says that something is wrong → the parameter in which the client said it.
_PARAMETERS: tuple[tuple[str, str], ...] = (
    ("/data/category", "service_code"),
    ("/data/kind", "service_code"),
    ("/data/place/latitude", "lat"),
    ("/data/place/longitude", "long"),
    ("/data/place", "address_string"),
    ("/data/photos", "media"),
    ("/data/answers", "attribute"),
    ("/data/citizen/", ""),
    ("/data/", ""),
)
_PLACE = ("lat", "long", "address_string")
_SCHEMA = SubmissionSentV1()


def submission(form: Parameters, owner: Owner, photos: tuple[str, ...], language: Language) -> Submission:
    """What is sent. Raises GeoReportError with all that is wrong with its form."""
    wrong = [] if any(given(form, name) for name in _PLACE) else [_placeless(language)]
    try:
        data = _SCHEMA.load(_data(form, photos, language))
    except ValidationError as invalid:
        found = errors.explain(ValidationError({"data": invalid.messages}), language)
        wrong += [_described(each) for each in found]
    if wrong:
        raise GeoReportError(400, wrong)
    return submission_of(data, owner.town, owner.tool, Cause(ids.new_id()))


def _placeless(language: Language) -> str:
    """GeoReport wants a place of every request, where a town's own front end may do without."""
    return f"lat, long, address_string: {errors.error('', 'required', language)['message']}"


def refused(wrong: tuple[FieldError, ...], language: Language) -> GeoReportError:
    """Why the use case does not take it: 429 where it came too soon."""
    soon = [each.wait for each in wrong if each.wait]
    return GeoReportError(429 if soon else 400, described(wrong, language), max(soon) * 60 if soon else None)


def described(wrong: Iterable[FieldError], language: Language) -> list[str]:
    """Each as GeoReport says it: the parameter, and what is wrong with it."""
    return [_described(errors.error(each.pointer, each.code, language)) for each in wrong]


def _data(form: Parameters, photos: tuple[str, ...], language: Language) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kind": KIND,
        "category": given(form, "service_code") or None,
        "description": _description(form) or None,
        "language": language,
        "photos": list(photos),
        "answers": dict(_answers(form)),
        "citizen": {name: form[name] for name in ("first_name", "last_name", "email") if given(form, name)},
    }
    place = dict(_where(form))
    named = {name: value for name, value in data.items() if value is not None}
    return named | ({"place": place} if place else {})


def _description(form: Parameters) -> str:
    """The words and, where the client has the picture elsewhere, its address: nobody fetches it from here."""
    return "\n".join(filter(None, (given(form, "description"), given(form, "media_url"))))


def _where(form: Parameters) -> Iterator[tuple[str, Any]]:
    for parameter, name in (("lat", "latitude"), ("long", "longitude")):
        text = given(form, parameter)
        if text:
            number = degrees(text)
            yield name, text if number is None else number
    if address := given(form, "address_string"):
        yield "address", address


def _answers(form: Parameters) -> Iterator[tuple[str, str]]:
    for name, text in form.items():
        found = _ATTRIBUTE.fullmatch(name)
        if found and text.strip():
            yield found[1], text


def _described(error: Mapping[str, str]) -> str:
    pointer = error["pointer"]
    for begin, parameter in _PARAMETERS:
        if pointer.startswith(begin):
            name = parameter or pointer.removeprefix(begin).partition("/")[0]
            return f"{name}: {error['message']}"
    return error["message"]
