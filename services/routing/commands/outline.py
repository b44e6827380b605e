"""A town's configuration as an operator reads it: the sections of its files, in the words of one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

from services.routing.domain.explain import KIND_LABELS, WEEKDAY_LABELS
from services.routing.domain.times import Delay, DelayRule, Span, Targets, WorkingTime
from services.routing.domain.town import (
    TOWN,
    Category,
    CompetenceRule,
    DispatchRule,
    Layer,
    TownConfiguration,
)
from shared.l10n import Label

_WORDS: Mapping[str, Label] = {
    "town.yaml": Label("la ville", "the town"),
    "categories.yaml": Label("les rubriques", "categories"),
    "departments.yaml": Label("les services de la ville", "the town's departments"),
    "authorities.yaml": Label("les organismes extérieurs", "outside authorities"),
    "areas": Label("les lieux, du plus particulier au plus général", "areas, the most specific first"),
    "competence.yaml": Label("qui est compétent, selon le lieu", "who is competent, by place"),
    "rules.yaml": Label(
        "quel service agit, par la première règle qui convient",
        "which department acts, by the first rule that fits",
    ),
    "delays.yaml": Label("les délais cibles, depuis l'envoi", "target delays, from when it was sent"),
    "tools.yaml": Label("qui se connecte à RabbitMQ", "who connects to RabbitMQ"),
    "languages": Label("langues", "languages"),
    "time_zone": Label("heure", "time"),
    "kinds": Label("natures", "kinds"),
    "centre": Label("centre", "centre"),
    "open": Label("ouvert", "open"),
    "closed": Label("fermé", "closed"),
    "holidays": Label("sauf jours fériés", "not on public holidays"),
    "mail": Label("courriels de", "mails from"),
    "reply_to": Label("réponses à", "answers to"),
    "signature": Label("signature", "signature"),
    "colour": Label("couleur", "colour"),
    "link contact": Label("page de contact", "contact page"),
    "link legal": Label("mentions légales", "legal notice"),
    "link privacy": Label("données personnelles", "privacy"),
    "retired": Label("retirée", "retired"),
    "question": Label("question", "question"),
    "no mail": Label("pas d'adresse", "no mail address"),
    "contact": Label("reçoit les coordonnées de l'usager", "gets the citizen's contact"),
    "example": Label("exemple, à confirmer", "example, to be confirmed"),
    "town": Label("la ville", "the town"),
    "areas in": Label("lieu{x}", "area{s}"),
    "categories": Label("rubriques", "categories"),
    "places": Label("lieux", "areas"),
    "answer": Label("réponse", "answer"),
    "sources": Label("venu de", "sent by"),
    "always": Label("dans tous les cas", "in every case"),
    "urgent": Label("urgent", "urgent"),
    "normal": Label("non urgent", "not urgent"),
    "default": Label("en général", "in general"),
    "forwarded": Label("transmis", "forwarded"),
    "triage": Label("en régulation", "in triage"),
    "acknowledge": Label("prise en compte", "taken up within"),
    "resolve": Label("traitement", "resolved within"),
    "none": Label("aucun", "none"),
}
_UNITS: Mapping[tuple[str, bool], Label] = {
    ("days", True): Label("jour{s} ouvré{s}", "working day{s}"),
    ("hours", True): Label("heure{s} ouvrée{s}", "working hour{s}"),
    ("days", False): Label("jour{s} calendaire{s}", "calendar day{s}"),
    ("hours", False): Label("heure{s}", "calendar hour{s}"),
}


def of(town: TownConfiguration, language: str = "fr") -> str:
    """The town, a section for each of its files, a line for each thing in it."""
    return "\n".join(_Outline(town, language).lines())


class _Outline:
    def __init__(self, town: TownConfiguration, language: str) -> None:
        self._town, self._language = town, language

    def lines(self) -> Iterator[str]:
        yield f"{self._town.name} ({self._town.slug}), version {self._town.version}"
        yield from self._section("town.yaml", self._about())
        yield from self._section("categories.yaml", self._categories())
        yield from self._section("departments.yaml", self._departments())
        yield from self._section("authorities.yaml", self._authorities())
        yield from self._section("competence.yaml", self._competence())
        yield from self._section("rules.yaml", (self._rule(rule) for rule in self._town.rules))
        yield from self._section("delays.yaml", self._delays())
        yield from self._section("tools.yaml", self._tools())

    def _section(self, file: str, lines: Iterable[str]) -> Iterator[str]:
        found = list(lines)
        yield f"{file}: {self._word(file)}"
        yield from found or [f"  {self._word('none')}"]

    def _about(self) -> Iterator[str]:
        town, mail = self._town, self._town.mail
        yield _line(self._word("languages"), ", ".join(town.languages))
        yield _line(self._word("time_zone"), town.time_zone)
        yield _line(self._word("kinds"), self._texts(KIND_LABELS[kind] for kind in town.kinds))
        yield _line(self._word("centre"), f"{town.centre[1]}, {town.centre[0]}")
        yield from self._open(town.working_time)
        yield _line(self._word("mail"), mail.sender)
        if mail.reply_to:
            yield _line(self._word("reply_to"), mail.reply_to)
        yield _line(self._word("signature"), " / ".join(self._text(mail.signature).split("\n")))
        if town.look:
            yield _line(self._word("colour"), town.look.colour)
        for name in ("contact", "legal", "privacy"):
            if url := getattr(town.links, name):
                yield _line(self._word(f"link {name}"), url)

    def _open(self, working: WorkingTime) -> Iterator[str]:
        """A line for the days in a row that have the same hours."""
        but = f"{self._word('holidays')} ({working.holidays})"
        for spans, days in groupby(range(7), key=lambda day: working.hours[day]):
            if spans:
                hours = ", ".join(_span(span) for span in spans)
                named = self._texts(WEEKDAY_LABELS[day] for day in days)
                yield _line(self._word("open"), named, hours, but)
        if working.closed:
            yield _line(self._word("closed"), ", ".join(_days(*days) for days in working.closed))

    def _categories(self) -> Iterator[str]:
        for category in self._town.categories:
            yield from self._tree(category, 1)
        for question in self._town.questions:
            answers = ", ".join(f"{answer.slug} ({self._text(answer.label)})" for answer in question.answers)
            slugs = ", ".join(question.categories)
            yield _line(
                f"{self._word('question')} {question.slug}", self._text(question.label), answers, slugs
            )

    def _tree(self, category: Category, depth: int) -> Iterator[str]:
        kinds = "" if category.children else self._texts(KIND_LABELS[kind] for kind in category.kinds)
        retired = "" if category.active else self._word("retired")
        yield _line(category.slug, self._text(category.label), kinds, retired, depth=depth)
        for child in category.children:
            yield from self._tree(child, depth + 1)

    def _departments(self) -> Iterator[str]:
        for department in self._town.departments:
            example = self._word("example") if department.example else ""
            yield _line(department.slug, self._text(department.label), department.email or "", example)

    def _authorities(self) -> Iterator[str]:
        for authority in self._town.authorities:
            email = authority.email or self._word("no mail")
            contact = self._word("contact") if authority.needs_contact else ""
            example = self._word("example") if authority.example else ""
            yield _line(
                authority.slug, self._text(authority.label), email, authority.language, contact, example
            )

    def _competence(self) -> Iterator[str]:
        yield f"  {self._word('areas')}"
        for layer in self._town.layers.in_order():
            yield _line(layer.slug, self._text(layer.label), self._size(layer), depth=2)
        for rule in self._town.competence:
            yield self._competent(rule)

    def _size(self, layer: Layer) -> str:
        slugs = [area.slug for area in self._town.areas if area.layer == layer.slug]
        more = ", …" if len(slugs) > 4 else ""
        many = len(slugs) > 1
        areas = self._word("areas in").format(s="s" if many else "", x="x" if many else "")
        return f"{len(slugs)} {areas}: {', '.join(slugs[:4])}{more}"

    def _competent(self, rule: CompetenceRule) -> str:
        who = self._word("town") if rule.competent == TOWN else rule.competent
        areas = self._listed("places", rule.areas)
        return _line(
            f"{rule.rule} → {who}", self._text(rule.label), areas, self._listed("categories", rule.categories)
        )

    def _rule(self, rule: DispatchRule) -> str:
        conditions = [condition for condition in self._conditions(rule) if condition] or [
            self._word("always")
        ]
        urgent = self._word("urgent") if rule.priority == "urgent" else ""
        return _line(f"{rule.rule} → {rule.department}", self._text(rule.label), *conditions, urgent)

    def _conditions(self, rule: DispatchRule) -> Iterator[str]:
        yield self._texts(KIND_LABELS[kind] for kind in rule.kinds)
        yield self._listed("categories", rule.categories)
        yield self._listed("places", rule.areas)
        for question, answers in rule.answers:
            yield self._listed("answer", [f"{question} = {answer}" for answer in answers])
        yield _span(rule.hours) if rule.hours else ""
        yield self._texts(WEEKDAY_LABELS[day] for day in rule.weekdays)
        yield self._listed("sources", rule.sources)

    def _delays(self) -> Iterator[str]:
        delays = self._town.delays
        for name in ("default", "forwarded", "triage"):
            yield _line(self._word(name), *self._targets(getattr(delays, name)))
        for rule in delays.rules:
            yield self._delay_rule(rule)

    def _delay_rule(self, rule: DelayRule) -> str:
        priority = [self._word(rule.priority)] if rule.priority else []
        return _line(", ".join(rule.categories), *priority, *self._targets(rule.targets))

    def _targets(self, targets: Targets) -> Iterator[str]:
        for name, delay in (("acknowledge", targets.acknowledge), ("resolve", targets.resolve)):
            if delay:
                yield f"{self._word(name)} {self._delay(delay)}"

    def _delay(self, delay: Delay) -> str:
        unit = self._text(_UNITS[delay.unit, delay.working])
        return f"{delay.amount} {unit.format(s='s' if delay.amount > 1 else '')}"

    def _tools(self) -> Iterator[str]:
        for tool in self._town.tools:
            yield _line(tool.user, tool.role, tool.department or "")

    def _listed(self, name: str, values: Iterable[str]) -> str:
        listed = ", ".join(values)
        return f"{self._word(name)}: {listed}" if listed else ""

    def _texts(self, labels: Iterable[Label]) -> str:
        return ", ".join(self._text(label) for label in labels)

    def _word(self, name: str) -> str:
        return self._text(_WORDS[name])

    def _text(self, label: Label) -> str:
        return label.in_language(self._language)


def _span(span: Span) -> str:
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span)


def _days(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first}/{last}"


def _line(name: str, *words: str, depth: int = 1) -> str:
    return f"{'  ' * depth}{name:<{42 - 2 * depth}}  {'; '.join(word for word in words if word)}"
