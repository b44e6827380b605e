"""From a report to its target: competence, then the first dispatch rule that matches, then the clocks.

`decide` never raises: a rule's error and a report that no rule takes go to triage with an alert.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from services.routing.domain import explain
from services.routing.domain.clocks import Calendar, Clocks
from services.routing.domain.competence import Competence, Finding
from services.routing.domain.decision import Cause, Decision, Report
from services.routing.domain.times import Priority, Targets, minute_of_week, minutes_of_week
from services.routing.domain.town import DispatchRule, TownConfiguration, covers_category

Words = Mapping[str, str]  # by language


def decide(configuration: TownConfiguration, report: Report, now: datetime) -> Decision:
    """Where the report goes. Clocks run from its submission; rules on time look at `now`, local time."""
    router: Router | None = None
    try:
        router = router_for(configuration)
        return router.decide(report, now)
    except Exception as error:
        # Whatever is wrong with a rule, the report must reach somebody.
        clocks = _triage_clocks(router, report) if router else Clocks()
        return _failed(configuration, error, clocks)


def _triage_clocks(router: Router, report: Report) -> Clocks:
    return router.calendar.clocks(report.submitted_at, router.configuration.delays.triage)


def _failed(configuration: TownConfiguration, error: Exception, clocks: Clocks) -> Decision:
    reason = explain.failure(configuration, error)
    return Decision("triage", None, None, str(configuration.version), reason, clocks, "rule_error")


@lru_cache(maxsize=256)
def router_for(configuration: TownConfiguration) -> Router:
    """The router of a configuration, built once per version (some milliseconds)."""
    return Router(configuration)


class Router:
    """A configuration made ready for many decisions. Raises AreaError."""

    def __init__(self, configuration: TownConfiguration) -> None:
        self.configuration = configuration
        self._version = str(configuration.version)
        self.competence = Competence(configuration)
        self.calendar = Calendar(configuration.time_zone, configuration.working_time)
        self._leaves = frozenset(leaf.slug for leaf in configuration.leaves())
        self._candidates = lru_cache(maxsize=None)(self._candidates_of)
        self._targets = lru_cache(maxsize=None)(self._targets_of)
        self._reasons: dict[tuple[Any, ...], tuple[Words, Words]] = {}

    def decide(self, report: Report, now: datetime) -> Decision:
        if report.category not in self._leaves:
            return self._triage(report, Finding("unknown", "default"), "no_rule")
        finding = self._competent(report)
        if finding.competent == "authority":
            return self._forward(report, finding)
        if finding.competent == "unknown":
            return self._triage(report, finding, "outside_town" if report.place else "place_needed")
        rule = self._first_rule(report, finding.inside, now)
        return self._dispatch(report, finding, rule) if rule else self._triage(report, finding, "no_rule")

    def clocks_anew(self, report: Report, has_department: bool, since: datetime) -> Clocks:
        """The clocks of a department, or of triage, as if the report had been submitted at `since`."""
        anew = replace(report, submitted_at=since)
        if not has_department:
            return self.calendar.clocks(since, self.configuration.delays.triage)
        return self._clocks(anew, self._targets(report.category, "normal"))

    def _competent(self, report: Report) -> Finding:
        if report.place is None:
            return self.competence.without_place(report.category)
        longitude, latitude = report.place
        return self.competence.at(longitude, latitude, report.category)

    def _first_rule(self, report: Report, inside: frozenset[str], now: datetime) -> DispatchRule | None:
        local: datetime | None = None
        for rule in self._candidates(report.kind, report.category):
            if rule.hours or rule.weekdays:
                local = local or now.astimezone(self.calendar.zone)
                if minute_of_week(local) not in minutes_of_week(rule.hours, rule.weekdays):
                    continue
            if _admits(rule, report, inside):
                return rule
        return None

    def _candidates_of(self, kind: str, category: str) -> tuple[DispatchRule, ...]:
        return tuple(
            rule
            for rule in self.configuration.rules
            if (not rule.kinds or kind in rule.kinds) and covers_category(rule.categories, category)
        )

    def _targets_of(self, category: str, priority: Priority) -> Targets:
        return targets_of(self.configuration, category, priority)

    def _dispatch(self, report: Report, finding: Finding, rule: DispatchRule) -> Decision:
        targets = self._targets(report.category, rule.priority)
        clocks = self._clocks(report, targets)
        reason, plain = self._reason(finding, rule, report.category, "rule")
        decided = Decision("department", rule.department, rule.rule, self._version, reason, clocks)
        return replace(decided, priority=rule.priority, plain_reason=plain)

    def _forward(self, report: Report, finding: Finding) -> Decision:
        assert finding.rule is not None
        clocks = self._clocks(report, self.configuration.delays.forwarded)
        reason, plain = self._reason(finding, None, report.category, "rule")
        decided = Decision("authority", finding.authority, finding.rule.rule, self._version, reason, clocks)
        return replace(decided, plain_reason=plain)

    def _triage(self, report: Report, finding: Finding, cause: Cause) -> Decision:
        clocks = self.calendar.clocks(report.submitted_at, self.configuration.delays.triage)
        reason, _ = self._reason(finding, None, report.category, cause)
        return Decision("triage", None, None, self._version, reason, clocks, cause)

    def _clocks(self, report: Report, targets: Targets) -> Clocks:
        # A suggestion gathers support and praise is told: neither has a deadline.
        return self.calendar.clocks(report.submitted_at, targets) if report.kind == "problem" else Clocks()

    def _reason(
        self, finding: Finding, rule: DispatchRule | None, category: str, cause: Cause
    ) -> tuple[Words, Words]:
        """Why, for those who know the rules; and for the citizen."""
        area = finding.area.slug if finding.area else None
        key = (rule and rule.rule, finding.rule and finding.rule.rule, area, finding.cause, category, cause)
        if key not in self._reasons:
            self._reasons[key] = (
                explain.reason(self.configuration, finding, rule, category, cause),
                explain.plain_reason(self.configuration, finding, rule, category) if cause == "rule" else {},
            )
        return self._reasons[key]


def targets_of(configuration: TownConfiguration, category: str, priority: Priority) -> Targets:
    """Target delays of a category: the most specific entry wins, then the one that names the priority."""
    best, best_score = configuration.delays.default, (-1, False)
    for entry in configuration.delays.rules:
        if entry.priority not in (None, priority):
            continue
        depths = [slug.count("/") for slug in entry.categories if covers_category((slug,), category)]
        score = (max(depths, default=-1), entry.priority is not None)
        if depths and score > best_score:
            best, best_score = entry.targets, score
    return best


def _admits(rule: DispatchRule, report: Report, inside: frozenset[str]) -> bool:
    if rule.areas and inside.isdisjoint(rule.areas):
        return False
    if rule.sources and report.source not in rule.sources:
        return False
    return all(report.answers.get(question) in allowed for question, allowed in rule.answers)
