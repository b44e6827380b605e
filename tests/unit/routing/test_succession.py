"""Who takes over open cases of whoever a town no longer has."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.routing.domain import (
    Action,
    Actor,
    Case,
    CaseFile,
    Holder,
    TownConfiguration,
    apply,
    decide_succession,
    from_document,
    to_document,
    to_event_data,
)
from services.routing.domain.town import Former
from shared.contracts.states import State, TargetKind
from shared.l10n import Label
from tests.unit.routing.small_town import town as small_town

town = small_town()
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=60)
END = NOW + timedelta(days=3)


def _without(slug: str) -> TownConfiguration:
    left = tuple(department for department in town.departments if department.slug != slug)
    return replace(town, departments=left, version=2).after(town)


def _file(state: State, kind: TargetKind = "department", target: str = "police") -> CaseFile:
    case = Case("r1", state, kind, target, acknowledge_by=LONG_AGO, resolve_by=END)
    return CaseFile(town.slug, "ICI-1", {"category": "voirie/trou"}, 4, case)


def _given(file: CaseFile, to: Holder) -> Case:
    action = Action.decided(decide_succession(_without("police"), file, to, NOW))
    case = apply(file.case, Actor(file.town), action)
    assert isinstance(case, Case)
    return case


VOIRIE = Holder("department", "voirie")


def test_a_label_outlives_its_department_and_comes_back_with_it() -> None:
    label = town.labels["department"]["police"]
    after = _without("police")
    assert after.former == (Former("department", "police", label),)
    assert after.labels["department"]["police"] == label
    assert replace(after, version=3).after(after).former == after.former
    assert town.after(after).former == ()
    told = to_event_data(after, 2)["former"]
    assert told == [{"kind": "department", "slug": "police", "label": label.as_dict()}]
    assert from_document(to_document(after)).former == after.former


@pytest.mark.parametrize("state", ["routed", "acknowledged", "planned"])
def test_a_department_takes_over_whatever_the_state_and_keeps_the_promised_end(state: State) -> None:
    case = _given(_file(state), VOIRIE)
    assert (case.state, case.department, case.resolve_by, case.planned_for) == ("routed", "voirie", END, None)


def test_what_was_taken_up_is_to_be_taken_up_anew_and_what_was_not_is_late_as_before() -> None:
    assert _given(_file("routed"), VOIRIE).acknowledge_by == LONG_AGO
    anew = _given(_file("acknowledged"), VOIRIE).acknowledge_by
    assert anew
    assert anew > NOW


def test_an_authority_takes_over_and_is_taken_over_from() -> None:
    [authority, *_] = (holder for holder in town.holders() if holder.kind == "authority")
    assert _given(_file("acknowledged"), authority).state == "forwarded"
    assert _given(_file("forwarded", "authority", "gone"), VOIRIE).state == "routed"


def test_it_is_said_why_by_name() -> None:
    decision = decide_succession(_without("police"), _file("routed"), VOIRIE, NOW)
    before, after = town.labels["department"]["police"], town.labels["department"]["voirie"]
    assert (decision.rule, decision.rule_set) == ("moved", "2")
    assert (
        decision.plain_reason
        == Label(
            f"« {before.fr} » n'existe plus : ses signalements ouverts vont à « {after.fr} ».",
            f"“{before.en}” no longer exists: its open reports go to “{after.en}”.",
        ).as_dict()
    )
