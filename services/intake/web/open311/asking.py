"""What a client asks for, out of its parameters. One that is empty is none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast, get_args

from services.intake.domain.georeport import MOST, Box, Filter, Status
from services.intake.web.open311.errors import GeoReportError, refusal
from shared import clock

Parameters = Mapping[str, str]

_SPAN = timedelta(days=90)  # GeoReport's longest window
_METRES = 111_320.0  # a degree of latitude
_RADIUS, _LARGEST = 500.0, 50_000.0  # metres
_LATEST_PAGE = 10_000


def given(parameters: Parameters, name: str) -> str:
    """What a parameter says; nothing where it is empty or missing."""
    return parameters.get(name, "").strip()


def listed(parameters: Parameters, name: str) -> tuple[str, ...]:
    """The items of a list that commas part."""
    return items(given(parameters, name))


def items(text: str) -> tuple[str, ...]:
    """The same of a text; what no column can hold is in none."""
    return tuple(item.strip() for item in text.split(",") if item.strip() and item.isprintable())


def filter_of(parameters: Parameters) -> Filter:
    """Which reports are asked for. Raises GeoReportError with all that is wrong."""
    wrong: list[str] = []
    moments = {
        name: _moment(parameters, name, wrong)
        for name in ("start_date", "end_date", "updated_after", "updated_before")
    }
    begin, end = _window(moments["start_date"], moments["end_date"])
    made = Filter(
        begin=begin,
        end=end,
        references=listed(parameters, "service_request_id"),
        categories=listed(parameters, "service_code"),
        statuses=_statuses(parameters, wrong),
        updated_after=moments["updated_after"],
        updated_before=moments["updated_before"],
        box=_box(parameters, wrong),
        size=_number(parameters, "page_size", MOST, MOST, wrong),
        page=_number(parameters, "page", 1, _LATEST_PAGE, wrong),
    )
    if wrong:
        raise GeoReportError(400, wrong)
    return made


def _window(start: datetime | None, end: datetime | None) -> tuple[datetime, datetime]:
    """At most 90 days: from `start` on, else up to `end`, else up to now."""
    if start is None:
        last = end or clock.now() + timedelta(minutes=1)
        return last - _SPAN, last
    longest = start + _SPAN
    return start, min(end, longest) if end else longest


def _moment(parameters: Parameters, name: str, wrong: list[str]) -> datetime | None:
    text = given(parameters, name)
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))  # a plus that was not escaped
        moment = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        wrong.append(f"{name}: a date as W3C writes it is expected, such as 2026-11-22T10:00:00+01:00")
        return None
    if not 1970 < moment.year < 9000:
        wrong.append(f"{name}: there is no report of that time")
        return None
    return moment


def _statuses(parameters: Parameters, wrong: list[str]) -> tuple[Status, ...]:
    found = listed(parameters, "status")
    if unknown := [each for each in found if each not in get_args(Status)]:
        wrong.append(f"status: open, closed or both are expected, not {len(unknown)} other")
    return tuple(cast(Status, each) for each in found if each in get_args(Status))


def _number(parameters: Parameters, name: str, default: int, most: int, wrong: list[str]) -> int:
    text = given(parameters, name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most or len(text) > 9:
        wrong.append(f"{name}: a whole number from 1 to {most} is expected")
        return default
    return int(text)


def _box(parameters: Parameters, wrong: list[str]) -> Box | None:
    """A square around a point; nothing where no point is given."""
    names = ("lat", "long")
    texts = [given(parameters, name) for name in names]
    if not any(texts):
        return None
    numbers = [degrees(text) for text in texts]
    radius = degrees(given(parameters, "radius") or str(_RADIUS))
    latitude, longitude = numbers
    if latitude is None or longitude is None or abs(latitude) > 85 or abs(longitude) > 180:
        wrong.append("lat, long: a point in degrees (WGS 84) is expected, both or neither")
        return None
    if radius is None or not 0 < radius <= _LARGEST:
        wrong.append(f"radius: metres, up to {_LARGEST:.0f}, are expected")
        return None
    high, wide = radius / _METRES, radius / _METRES / math.cos(math.radians(latitude))
    return Box(latitude - high, latitude + high, longitude - wide, longitude + wide)


def degrees(text: str) -> float | None:
    """A finite number, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def jurisdiction(parameters: Parameters, towns: list[str]) -> str:
    """The town that is meant; where there is one town alone it need not be said. Raises GeoReportError."""
    named = given(parameters, "jurisdiction_id")
    if not named and len(towns) == 1:
        return towns[0]
    if not named:
        raise refusal(400, f"jurisdiction_id was not provided; there is: {', '.join(towns)}")
    if named not in towns:
        raise refusal(404, "jurisdiction_id provided was not found")
    return named
