"""A town's checked files made into its configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.routing.domain.times import WEEKDAYS, Delay, DelayRule, Delays, Targets, WorkingTime
from services.routing.domain.town import (
    Answer,
    Area,
    Authority,
    Category,
    CompetenceRule,
    Department,
    DispatchRule,
    Layer,
    Layers,
    Links,
    Look,
    Mail,
    Question,
    Tool,
    TownConfiguration,
    Words,
)
from services.routing.townfiles.fieldkinds import DELAY, closed_days
from shared.contracts.kinds import Kind
from shared.l10n import Label

Data = Mapping[str, Any]


def build(files: Mapping[str, Data]) -> TownConfiguration:
    """`files`: what the schemas loaded, by file name."""
    town, categories, competence = files["town.yaml"], files["categories.yaml"], files["competence.yaml"]
    return TownConfiguration(
        slug=town["slug"],
        name=town["name"],
        languages=tuple(town["languages"]),
        time_zone=town["time_zone"],
        kinds=tuple(town["kinds"]),
        confirmation=town["confirmation"],
        confirmation_days=town["confirmation_days"],
        centre=(town["centre"]["longitude"], town["centre"]["latitude"]),
        facts=town["facts"],
        working_time=_working_time(town["working_time"]),
        mail=_mail(town["mail"]),
        look=Look(**town["look"]) if "look" in town else None,
        links=Links(**town.get("links", {})),
        categories=tuple(_category(item) for item in categories["categories"]),
        questions=tuple(_question(item) for item in categories["questions"]),
        departments=tuple(_department(item) for item in files["departments.yaml"]["departments"]),
        authorities=tuple(_authority(item) for item in files["authorities.yaml"]["authorities"]),
        layers=_layers(competence["layers"]),
        areas=_areas(files),
        competence=tuple(_competence(item) for item in competence["rules"]),
        rules=tuple(_rule(item) for item in files["rules.yaml"]["rules"]),
        delays=_delays(files["delays.yaml"]),
        tools=tuple(Tool(**item) for item in files["tools.yaml"]["tools"]),
    )


def _label(item: Data) -> Label:
    return Label(item["fr"].strip(), item["en"].strip())


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _weekdays(names: list[str]) -> tuple[int, ...]:
    return tuple(sorted({WEEKDAYS.index(name) for name in names}))


def _working_time(item: Data) -> WorkingTime:
    closed = tuple(closed_days(text) for text in item["closed"])
    if "hours" not in item:
        opens, closes = _minutes(item["opens"]), _minutes(item["closes"])
        daily = WorkingTime.daily(_weekdays(item["weekdays"]), opens, closes, item["holidays"])
        return replace(daily, closed=closed)
    hours = tuple(tuple(sorted(_hours(span) for span in item["hours"].get(day, ()))) for day in WEEKDAYS)
    return WorkingTime(hours, item["holidays"], closed)


def _mail(item: Data) -> Mail:
    return Mail(item["from"], _label(item["signature"]), item["reply_to"])


def _category(
    item: Data, parent: str = "", active: bool = True, kinds: tuple[Kind, ...] = ("problem",)
) -> Category:
    """A child has its parent's kinds unless it names its own; a retired parent retires its children."""
    slug = f"{parent}/{item['slug']}" if parent else item["slug"]
    active = active and item["active"]
    kinds = tuple(item["kinds"]) if "kinds" in item else kinds
    children = tuple(_category(child, slug, active, kinds) for child in item["children"])
    words = Words(**{language: tuple(said) for language, said in item["words"].items()})
    return Category(slug, _label(item["label"]), active, kinds, children, words)


def _question(item: Data) -> Question:
    answers = tuple(Answer(answer["slug"], _label(answer["label"])) for answer in item["answers"])
    return Question(item["slug"], _label(item["label"]), tuple(item["categories"]), answers)


def _department(item: Data) -> Department:
    return Department(item["slug"], _label(item["label"]), item["email"], item["example"])


def _authority(item: Data) -> Authority:
    return Authority(**{**item, "label": _label(item["label"])})


def _layers(item: Data) -> Layers:
    around = _layer(item["around"]) if item["around"] else None
    return Layers(tuple(_layer(inner) for inner in item["inner"]), _layer(item["town"]), around)


def _layer(item: Data) -> Layer:
    return Layer(item["layer"], _label(item["label"]))


def _areas(files: Mapping[str, Data]) -> tuple[Area, ...]:
    return tuple(
        _area(feature, name.removeprefix("areas/").removesuffix(".geojson"))
        for name, data in sorted(files.items())
        if name.startswith("areas/")
        for feature in data["features"]
    )


def _area(feature: Data, layer: str) -> Area:
    about = feature["properties"]
    label = _label(about["label"])
    return Area(about["slug"], layer, label, feature["geometry"], about["width"], about["example"])


def _competence(item: Data) -> CompetenceRule:
    areas, categories = tuple(item["areas"]), tuple(item.get("categories", ()))
    return CompetenceRule(item["rule"], _label(item["label"]), item["competent"], areas, categories)


def _rule(item: Data) -> DispatchRule:
    answers = item.get("answers", {})
    return DispatchRule(
        rule=item["rule"],
        label=_label(item["label"]),
        department=item["department"],
        kinds=tuple(item.get("kinds", ())),
        categories=tuple(item.get("categories", ())),
        areas=tuple(item.get("areas", ())),
        answers=tuple((question, tuple(allowed)) for question, allowed in answers.items()),
        hours=_hours(item["hours"]) if "hours" in item else None,
        weekdays=_weekdays(item.get("weekdays", [])),
        sources=tuple(item.get("sources", ())),
        priority=item["priority"],
    )


def _hours(text: str) -> tuple[int, int]:
    begin, end = text.split("-")
    return _minutes(begin), _minutes(end)


def _delays(item: Data) -> Delays:
    rules = tuple(
        DelayRule(tuple(entry["categories"]), _targets(entry), entry.get("priority"))
        for entry in item["delays"]
    )
    return Delays(_targets(item["default"]), _targets(item["forwarded"]), _targets(item["triage"]), rules)


def _targets(item: Data) -> Targets:
    acknowledge, resolve = item.get("acknowledge"), item.get("resolve")
    return Targets(
        _delay(acknowledge) if acknowledge else None,
        _delay(resolve) if resolve else None,
    )


def _delay(text: str) -> Delay:
    match = DELAY.fullmatch(text)
    assert match is not None
    amount, time, unit = match.groups()
    return Delay(int(amount), "hours" if unit == "hour" else "days", time == "working")
