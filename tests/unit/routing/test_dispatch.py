"""The first rule that matches, and nothing lost when none does."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain import Decision, Report, decide
from services.routing.domain.dispatch import targets_of
from services.routing.domain.times import Targets
from services.routing.domain.town import Area, DispatchRule
from shared.contracts.kinds import KINDS
from tests.unit.routing.small_town import (
    AREAS,
    CENTRE,
    HOUR,
    IN_EAST,
    IN_PARK,
    NOON,
    NOWHERE,
    ON_MOTORWAY,
    ONE_DAY,
    RULES,
    TEN_DAYS,
    TWO_DAYS,
    calm,
    changed_town,
    label,
    report,
    town,
)

TOWN = town()
PARIS = ZoneInfo("Europe/Paris")


def _at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("sent", "now", "rule", "department"),
    [
        (report("voirie/trou"), NOON, "R6", "voirie"),
        (report("voirie/panneau"), NOON, "R8", "proprete"),
        (report("voirie/trou", answers={"danger": "oui"}), NOON, "R1", "voirie"),
        (report("voirie/trou", answers={"danger": "non"}), NOON, "R6", "voirie"),
        (report("proprete/tag", place=IN_PARK), NOON, "R4", "jardins"),
        (report("proprete/tag"), NOON, "R8", "proprete"),
        (report("proprete/tag", place=None), NOON, "R8", "proprete"),
        (report("proprete/tag", source="ici-borne"), NOON, "R5", "accueil"),
        (report("eau/autre", kind="suggestion"), NOON, "R7", "accueil"),
        # Local time, from included to excluded, over midnight; 20:00 in Paris is 19:00 UTC in winter.
        (report("bruit"), _at("2026-11-24T19:59"), "R8", "proprete"),
        (report("bruit"), _at("2026-11-24T20:00"), "R2", "police"),
        (report("bruit"), _at("2026-11-25T05:59"), "R2", "police"),
        (report("bruit"), _at("2026-11-25T06:00"), "R8", "proprete"),
        # In summer it is 18:00 UTC.
        (report("bruit"), datetime(2026, 7, 7, 18, 0, tzinfo=UTC), "R2", "police"),
        (report("bruit"), datetime(2026, 11, 24, 18, 0, tzinfo=UTC), "R8", "proprete"),
        # The local weekday: 23:30 UTC on Saturday is Sunday in Paris, and 23:30 UTC on Sunday is Monday.
        (report("bruit"), _at("2026-11-29T12:00"), "R3", "police"),
        (report("bruit"), _at("2026-11-28T12:00"), "R8", "proprete"),
    ],
)
def test_the_first_rule_that_matches_dispatches(
    sent: Report, now: datetime, rule: str, department: str
) -> None:
    decision = decide(TOWN, sent, now)
    found = (decision.target_kind, decision.rule, decision.target, decision.cause)
    assert found == ("department", rule, department, "rule")
    assert decision.rule_set == "3"


def test_the_weekday_is_the_local_one() -> None:
    rules = (DispatchRule("R1", label("dimanche"), "police", weekdays=(6,)), RULES[-1])
    configured = changed_town(rules=rules)
    late_saturday, late_sunday = (
        datetime(2026, 11, 28, 23, 30, tzinfo=UTC),
        datetime(2026, 11, 29, 23, 30, tzinfo=UTC),
    )
    assert decide(configured, report("bruit"), late_saturday).rule == "R1"
    assert decide(configured, report("bruit"), late_sunday).rule == "R8"


@pytest.mark.parametrize(
    ("local", "rule"),
    [("07:59", "R8"), ("08:00", "R1"), ("11:59", "R1"), ("12:00", "R8")],
)
def test_hours_within_a_day_run_from_included_to_excluded(local: str, rule: str) -> None:
    rules = (DispatchRule("R1", label("matin"), "police", hours=(480, 720)), RULES[-1])
    assert decide(changed_town(rules=rules), report("bruit"), _at(f"2026-11-24T{local}")).rule == rule


@pytest.mark.parametrize(
    ("local", "rule"),
    [
        # 27 November 2026 is a Friday.
        ("2026-11-27T05:59", "R8"),  # the night of Thursday
        ("2026-11-27T21:59", "R8"),
        ("2026-11-27T22:00", "R1"),
        ("2026-11-28T00:00", "R1"),
        ("2026-11-28T05:59", "R1"),
        ("2026-11-28T06:00", "R8"),
        ("2026-11-28T22:00", "R8"),
        ("2026-11-29T23:00", "R1"),  # the night of Sunday, into the next week
        ("2026-11-30T05:59", "R1"),
        ("2026-11-30T22:00", "R8"),
    ],
)
def test_hours_over_midnight_are_those_of_the_night_that_begins_on_the_day(local: str, rule: str) -> None:
    rules = (DispatchRule("R1", label("nuit"), "police", hours=(1320, 360), weekdays=(4, 6)), RULES[-1])
    assert decide(changed_town(rules=rules), report("bruit"), _at(local)).rule == rule


@pytest.mark.parametrize(
    ("sent", "authority", "rule"),
    [
        (report("voirie/trou", place=ON_MOTORWAY), "dirif", "C1"),
        (report("eau/fuite"), "regie", "C3"),
        (report("bruit", place=IN_EAST), "est", "C4"),
        # Competence comes before dispatch, even where it is dangerous.
        (report("voirie/trou", place=ON_MOTORWAY, answers={"danger": "oui"}), "dirif", "C1"),
    ],
)
def test_what_is_not_the_towns_is_forwarded(sent: Report, authority: str, rule: str) -> None:
    decision = decide(TOWN, sent, NOON)
    assert (decision.target_kind, decision.target, decision.rule) == ("authority", authority, rule)
    assert decision.clocks.acknowledge_by is None
    assert decision.clocks.resolve_by == NOON + timedelta(days=30)


@pytest.mark.parametrize(
    ("sent", "cause", "alert"),
    [
        (report("bruit", place=NOWHERE), "outside_town", False),
        (report("voirie/trou", place=None), "place_needed", False),
        (report("eau/autre"), "no_rule", True),
        (report("retired/long-ago"), "no_rule", True),
        (report("retired/long-ago", place=None), "no_rule", True),
    ],
)
def test_what_no_rule_decides_goes_to_triage(sent: Report, cause: str, alert: bool) -> None:
    decision = decide(TOWN, sent, NOON)
    assert (decision.target_kind, decision.target, decision.rule) == ("triage", None, None)
    assert (decision.cause, decision.alert) == (cause, alert)
    assert decision.clocks.acknowledge_by == datetime(2026, 11, 25, 16, 30, tzinfo=UTC)
    assert set(decision.reason) == {"fr", "en"}


def test_a_rules_error_goes_to_triage_with_an_alert_and_a_clock() -> None:
    broken: Any = ["not", "a", "mapping"]
    decision = decide(TOWN, report("voirie/trou", answers=broken), NOON)
    assert (decision.target_kind, decision.cause, decision.alert) == ("triage", "rule_error", True)
    assert decision.clocks.acknowledge_by is not None
    assert "AttributeError" in decision.reason["en"]


def test_a_configuration_that_cannot_be_used_loses_no_report() -> None:
    areas = (*AREAS, Area("wrong", "parcs", label("?"), {"type": "Point", "coordinates": [2, 48]}))
    decision = decide(changed_town(areas=areas), report(), NOON)
    assert (decision.target_kind, decision.cause) == ("triage", "rule_error")


@calm
@given(
    st.permutations(RULES),
    st.sampled_from(KINDS),
    st.sampled_from(["voirie/trou", "proprete/tag", "bruit", "eau/autre"]),
    st.sampled_from([CENTRE, IN_PARK]),
    st.sampled_from([{}, {"danger": "oui"}, {"danger": "non"}]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
)
def test_no_earlier_rule_would_have_taken_what_a_later_one_took(
    rules: list[DispatchRule],
    kind: str,
    category: str,
    place: tuple[float, float],
    answers: Any,
    now: datetime,
) -> None:
    sent = report(category, place, kind=kind, answers=answers)
    taken = decide(changed_town(rules=tuple(rules)), sent, now)
    alone = [rule.rule for rule in rules if decide(changed_town(rules=(rule,)), sent, now).rule]
    assert taken.rule == (alone[0] if alone else None)


@calm
@given(
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)) | st.none() | st.just(CENTRE),
    st.sampled_from([*(leaf.slug for leaf in TOWN.leaves()), "unknown"]),
    st.sampled_from(KINDS),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
)
def test_every_report_has_exactly_one_target(
    place: tuple[float, float] | None, category: str, kind: str, now: datetime
) -> None:
    decision = decide(TOWN, report(category, place, kind=kind, submitted_at=now), now)
    assert decision.cause != "rule_error"
    _has_one_target(decision)


def _has_one_target(decision: Decision) -> None:
    if decision.target_kind == "triage":
        assert decision.target is None
        assert decision.rule is None
    else:
        known = TOWN.labels[decision.target_kind]
        assert decision.target in known
        assert decision.rule


@pytest.mark.parametrize("kind", ["suggestion", "praise"])
def test_only_problems_have_deadlines(kind: str) -> None:
    for category, place in (("proprete/tag", CENTRE), ("bruit", IN_EAST)):
        clocks = decide(TOWN, report(category, place, kind=kind), NOON).clocks
        assert (clocks.acknowledge_by, clocks.resolve_by) == (None, None)


def test_clocks_run_from_submission_however_late_the_decision() -> None:
    late = NOON + timedelta(days=20)
    assert decide(TOWN, report(), late).clocks == decide(TOWN, report(), NOON).clocks


@pytest.mark.parametrize(
    ("category", "priority", "targets"),
    [
        ("bruit", "normal", Targets(TWO_DAYS, TEN_DAYS)),
        ("voirie/panneau", "normal", Targets(ONE_DAY, TEN_DAYS)),
        ("voirie/trou", "normal", Targets(ONE_DAY, TWO_DAYS)),
        ("voirie/panneau", "urgent", Targets(HOUR, ONE_DAY)),
        # The leaf's own delays are more specific than the urgent ones of its parent.
        ("voirie/trou", "urgent", Targets(ONE_DAY, TWO_DAYS)),
    ],
)
def test_the_most_specific_delays_win(category: str, priority: Any, targets: Targets) -> None:
    assert targets_of(TOWN, category, priority) == targets


def test_a_report_is_read_from_an_events_block() -> None:
    block = {
        "id": "r1",
        "reference": "ICI-1",
        "kind": "problem",
        "category": "voirie/trou",
        "submitted_at": "2026-11-24T12:00:00+01:00",
        "place": {"latitude": 48.01, "longitude": 2.01, "address": None},
        "answers": {"danger": "oui"},
    }
    assert Report.from_data(block, "ici-web") == report(answers={"danger": "oui"}, source="ici-web")
    assert Report.from_data({**block, "place": None, "answers": None}).place is None
