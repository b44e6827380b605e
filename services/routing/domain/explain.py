"""Why a report went where it went, in one sentence, in French and in English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from services.routing.domain.competence import Finding
from services.routing.domain.town import DispatchRule, TownConfiguration
from shared.l10n import LANGUAGES, Label, quoted

KIND_LABELS: Mapping[str, Label] = {
    "problem": Label("problème", "problem"),
    "suggestion": Label("suggestion", "suggestion"),
    "praise": Label("félicitation", "praise"),
}
WEEKDAY_LABELS = (
    Label("lundi", "Monday"),
    Label("mardi", "Tuesday"),
    Label("mercredi", "Wednesday"),
    Label("jeudi", "Thursday"),
    Label("vendredi", "Friday"),
    Label("samedi", "Saturday"),
    Label("dimanche", "Sunday"),
)


def reason(
    configuration: TownConfiguration, finding: Finding, rule: DispatchRule | None, category: str, cause: str
) -> dict[str, str]:
    """The sentence that is stored with a decision, by language."""
    texts = (_Sentence(configuration, language, category) for language in LANGUAGES)
    return {text.language: text.of(finding, rule, cause) for text in texts}


def plain_reason(
    configuration: TownConfiguration, finding: Finding, rule: DispatchRule | None, category: str
) -> dict[str, str]:
    """The same for whoever knows no rules, by language."""
    texts = (_Plain(configuration, language, category) for language in LANGUAGES)
    return {text.language: text.of(finding, rule, "rule") for text in texts}


def failure(configuration: TownConfiguration, error: Exception) -> dict[str, str]:
    """The sentence for a rule that raised, with the error's class only: its text may hold citizens' words."""
    name, version = type(error).__name__, configuration.version
    return Label(
        f"Envoyé en régulation (version {version}) : une règle a échoué ({name}).",
        f"Sent to triage (version {version}): a rule failed ({name}).",
    ).as_dict()


class _Sentence:
    def __init__(self, configuration: TownConfiguration, language: str, category: str) -> None:
        self.language = language
        self._french = language == "fr"
        self._configuration = configuration
        self._category = category

    def of(self, finding: Finding, rule: DispatchRule | None, cause: str) -> str:
        if finding.competent == "authority":
            return self._forwarded(finding)
        if rule is not None:
            return self._dispatched(rule)
        return self._triaged(finding, cause)

    def _forwarded(self, finding: Finding) -> str:
        assert finding.rule is not None
        assert finding.authority is not None
        clauses = [self._category_clause()] if finding.rule.categories else []
        clauses += [self._place_clause(finding.area.slug)] if finding.area else []
        name = self._quoted("authority", finding.authority)
        lead = f"Transmis à {name}" if self._french else f"Forwarded to {name}"
        return self._because(lead, finding.rule.rule, finding.rule.label, clauses)

    def _dispatched(self, rule: DispatchRule) -> str:
        name = self._quoted("department", rule.department)
        lead = f"Confié au service {name}" if self._french else f"Given to the department {name}"
        return self._because(lead, rule.rule, rule.label, list(self._clauses(rule)))

    def _triaged(self, finding: Finding, cause: str) -> str:
        category = self._quoted("category", self._category)
        area = self._quoted("area", finding.area.slug) if finding.area else ""
        because = {
            "outside_town": Label(
                "le lieu est hors de la ville et aucun organisme n'y est connu",
                "the place is outside the town and no authority is known there",
            ),
            "place_needed": Label(
                "le point sur la carte manque, et pour "
                f"{category} la compétence en dépend (par exemple {area})",
                "the point on the map is missing, and for "
                f"{category} competence depends on it (for instance {area})",
            ),
            "no_rule": Label(
                f"aucune règle ne s'applique à la rubrique {category}",
                f"no rule applies to the category {category}",
            ),
        }[cause].in_language(self.language)
        version = self._configuration.version
        if self._french:
            return f"Envoyé en régulation (version {version}) : {because}."
        return f"Sent to triage (version {version}): {because}."

    def _because(self, lead: str, rule: str, label: Label, clauses: list[str]) -> str:
        by = self._by(rule, label)
        if self._french:
            why = " et que ".join(clauses) or "c'est la règle générale"
            return f"{lead}{by} parce que {why}."
        why = " and ".join(clauses) or "it is the general rule"
        return f"{lead}{by} because {why}."

    def _by(self, rule: str, label: Label) -> str:
        version, name = self._configuration.version, self._quote(label.in_language(self.language))
        by = "par la règle" if self._french else "by rule"
        return f" {by} {rule} {name} (version {version})"

    def _clauses(self, rule: DispatchRule) -> Iterator[str]:
        # Each French clause begins with a consonant, so that "que" never needs eliding.
        if rule.kinds:
            yield self._one_of(
                "la nature est", "the kind is", [self._text(KIND_LABELS[k]) for k in rule.kinds]
            )
        if rule.categories:
            yield self._category_clause()
        if rule.areas:
            yield self._one_of(
                "le lieu est dans", "the place is in", [self._quoted("area", a) for a in rule.areas]
            )
        for question, answers in rule.answers:
            asked = self._quoted("question", question)
            given = [self._quoted("answer", f"{question}/{answer}") for answer in answers]
            yield self._one_of(f"la réponse à {asked} est", f"the answer to {asked} is", given)
        yield from self._time_clauses(rule)
        if rule.sources:
            yield self._one_of("le signalement vient de", "the report comes from", list(rule.sources))

    def _time_clauses(self, rule: DispatchRule) -> Iterator[str]:
        if rule.weekdays:
            yield self._days(rule)
        if rule.hours:
            begin, end = (f"{minute // 60:02}:{minute % 60:02}" for minute in rule.hours)
            between = "l'heure est entre" if self._french else "the time is between"
            yield f"{between} {begin} {'et' if self._french else 'and'} {end}"

    def _days(self, rule: DispatchRule) -> str:
        days = [self._text(WEEKDAY_LABELS[day]) for day in rule.weekdays]
        if rule.hours and rule.hours[0] > rule.hours[1]:
            article = "un" if self._french else "a"
            nights = [f"{article} {day}" for day in days]
            return self._one_of("la nuit commence", "the night begins on", nights)
        return self._one_of("le jour est", "the day is", days)

    def _category_clause(self) -> str:
        start = "la rubrique est" if self._french else "the category is"
        return f"{start} {self._quoted('category', self._category)}"

    def _place_clause(self, area: str) -> str:
        return f"{'le lieu est dans' if self._french else 'the place is in'} {self._quoted('area', area)}"

    def _one_of(self, french: str, english: str, values: list[str]) -> str:
        return f"{french if self._french else english} {(' ou ' if self._french else ' or ').join(values)}"

    def _quoted(self, kind: str, slug: str) -> str:
        label = self._configuration.labels[kind].get(slug)
        return self._quote(self._text(label) if label else slug)

    def _quote(self, text: str) -> str:
        return quoted(text, self.language)

    def _text(self, label: Label) -> str:
        return label.in_language(self.language)


class _Plain(_Sentence):
    """For those who do not know the rules by their names."""

    def _by(self, rule: str, label: Label) -> str:
        return ""
