"""Whether a configuration that is right in form does what its author meant.

Errors: a town hall that closes before it opens, a category's delays given twice. Warnings: a category that no
rule covers, a rule that can never match because earlier ones take all that it would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from services.routing.domain.times import WEEKDAYS, DelayRule, minutes_of_week
from services.routing.domain.town import (
    Category,
    CompetenceRule,
    DispatchRule,
    TownConfiguration,
    covers_category,
)
from services.routing.townfiles.marked import Marked, Mistake
from shared.colours import DEFAULT_COLOUR, contrast, legible, legible_shade
from shared.contracts.kinds import Kind
from shared.l10n.spoken import N_, words_of

_ = words_of("services.routing")

Case = tuple[Kind, str]
"""A kind and a leaf: what a front end can send."""


def check(configuration: TownConfiguration, files: Mapping[str, Marked]) -> Iterator[Mistake]:
    yield from _opening_hours(configuration, files["town.yaml"])
    yield from _colour(configuration, files["town.yaml"])
    yield from _same_delays(configuration.delays.rules, files["delays.yaml"])
    yield from _uncovered(configuration, files["categories.yaml"])
    yield from _hidden_rules(configuration, files["rules.yaml"])
    yield from _hidden_competence(configuration, files["competence.yaml"])


def _opening_hours(configuration: TownConfiguration, town: Marked) -> Iterator[Mistake]:
    week = configuration.working_time.hours
    by_day = town.at(("working_time", "hours")) is not None
    for name, spans in zip(WEEKDAYS, week, strict=True):
        place = ("working_time", "hours", name) if by_day else ("working_time", "closes")
        if any(begin >= end for begin, end in spans):
            daily, weekly = N_("'closes' must be later than 'opens'"), N_("the second time must be the later")
            hint = _(weekly if by_day else daily)
            yield town.mistake(place, _("the town hall closes before it opens"), hint)
        if any(after[0] < before[1] for before, after in pairwise(spans)):
            message = _("two times of {day} overlap", day=name)
            yield town.mistake(place, message, _("end one before the next begins"))
    if not any(week):
        place = ("working_time", "hours")
        yield town.mistake(place, _("the town hall never opens"), _("give one day its hours"))


def _colour(configuration: TownConfiguration, town: Marked) -> Iterator[Mistake]:
    colour = configuration.look.colour if configuration.look else DEFAULT_COLOUR
    if not legible(colour):
        ratio = contrast(colour, "#ffffff")
        message = _(
            "the colour {colour} is too light: white words on it cannot be read (contrast {ratio})",
            colour=colour,
            ratio=f"{ratio:.1f}",
        )
        hint = _('take a darker one, as "{colour}"', colour=legible_shade(colour))
        yield town.mistake(("look", "colour"), message, hint)


def _same_delays(rules: Sequence[DelayRule], delays: Marked) -> Iterator[Mistake]:
    seen: dict[tuple[str, str | None], int] = {}
    for index, rule in enumerate(rules):
        for slug in rule.categories:
            first = seen.setdefault((slug, rule.priority), index)
            if first != index:
                where = _("the first are at line {line}", line=delays.line(("delays", first)))
                message = _("category '{slug}' has its delays twice", slug=slug)
                yield delays.mistake(("delays", index), message, where)


def _cases(configuration: TownConfiguration) -> list[Case]:
    leaves = [leaf for leaf in configuration.leaves() if leaf.active]
    return [(kind, leaf.slug) for leaf in leaves for kind in leaf.kinds if kind in configuration.kinds]


def _uncovered(configuration: TownConfiguration, categories: Marked) -> Iterator[Mistake]:
    places = {path: place for place, path in _category_places(configuration.categories)}
    for kind, leaf in _cases(configuration):
        if _forwarded_anyway(configuration, leaf):
            continue
        rules = [rule for rule in configuration.rules if _takes_case(rule, kind, leaf)]
        if not any(_unconditional(rule) for rule in rules):
            some = N_("category '{leaf}' ({kind}) is covered only under conditions")
            none = N_("category '{leaf}' ({kind}) is covered by no rule")
            hint = _("end rules.yaml with a rule that has no condition, or add one for it")
            message = _(some if rules else none, leaf=leaf, kind=kind)
            yield categories.warning(places[leaf], message, hint)


def _category_places(
    categories: tuple[Category, ...], place: tuple[str | int, ...] = ("categories",)
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for index, category in enumerate(categories):
        yield (*place, index), category.slug
        yield from _category_places(category.children, (*place, index, "children"))


def _forwarded_anyway(configuration: TownConfiguration, leaf: str) -> bool:
    """Whether the whole town is somebody else's for this category."""
    outline = configuration.layers.town.slug
    rules = (rule for rule in configuration.competence if outline in rule.areas)
    first = next((rule for rule in rules if covers_category(rule.categories, leaf)), None)
    return first is not None and first.competent != "town"


def _takes_case(rule: DispatchRule, kind: Kind, leaf: str) -> bool:
    return (not rule.kinds or kind in rule.kinds) and covers_category(rule.categories, leaf)


def _unconditional(rule: DispatchRule) -> bool:
    return not (rule.areas or rule.answers or rule.hours or rule.weekdays or rule.sources)


def _hidden_rules(configuration: TownConfiguration, rules: Marked) -> Iterator[Mistake]:
    cases = _cases(configuration)
    for index, rule in enumerate(configuration.rules):
        mine = [case for case in cases if _takes_case(rule, *case)]
        takers = [_first_taker(configuration, index, case) for case in mine]
        place, never = ("rules", index), _("rule {rule} can never match", rule=rule.rule)
        if not mine:
            yield rules.warning(place, never, _("its categories are retired or off"))
        elif None not in takers:
            names = ", ".join(dict.fromkeys(taker.rule for taker in takers if taker))
            hint = _("{names} before it takes all; move {rule} up, or remove it", names=names, rule=rule.rule)
            yield rules.warning(place, never, hint)


def _first_taker(configuration: TownConfiguration, index: int, case: Case) -> DispatchRule | None:
    """The earlier rule that takes every report of this kind and category that the rule would."""
    rule = configuration.rules[index]
    earlier = (r for r in configuration.rules[:index] if _takes_case(r, *case))
    return next((r for r in earlier if _admits_all_of(r, rule, configuration)), None)


def _admits_all_of(wide: DispatchRule, narrow: DispatchRule, configuration: TownConfiguration) -> bool:
    """Whether the other conditions of `wide` hold whenever those of `narrow` do."""
    answers = dict(narrow.answers)
    return (
        _covers(_spread(wide.areas, configuration), _spread(narrow.areas, configuration))
        and _covers(wide.sources, narrow.sources)
        and all(question in answers and _covers(ok, answers[question]) for question, ok in wide.answers)
        and minutes_of_week(wide.hours, wide.weekdays) >= minutes_of_week(narrow.hours, narrow.weekdays)
    )


def _covers(wide: Sequence[object], narrow: Sequence[object]) -> bool:
    """An empty condition admits everything."""
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


def _spread(areas: tuple[str, ...], configuration: TownConfiguration) -> tuple[str, ...]:
    """Areas, with those of the layers that are named among them."""
    inside = [area.slug for area in configuration.areas if area.layer in areas]
    layers = {layer.slug for layer in configuration.layers.in_order()}
    return (*inside, *(slug for slug in areas if slug not in layers))


def _hidden_competence(configuration: TownConfiguration, competence: Marked) -> Iterator[Mistake]:
    leaves = [leaf.slug for leaf in configuration.leaves()]
    for index, rule in enumerate(configuration.competence):
        earlier = configuration.competence[:index]
        mine = [
            (area, leaf)
            for area in _spread(rule.areas, configuration)
            for leaf in leaves
            if covers_category(rule.categories, leaf)
        ]
        if all(any(_takes_place(r, area, leaf, configuration) for r in earlier) for area, leaf in mine):
            hint = _("rules before it take all; move {rule} up, or remove it", rule=rule.rule)
            message = _("rule {rule} can never match", rule=rule.rule)
            yield competence.warning(("rules", index), message, hint)


def _takes_place(rule: CompetenceRule, area: str, leaf: str, configuration: TownConfiguration) -> bool:
    return area in _spread(rule.areas, configuration) and covers_category(rule.categories, leaf)
