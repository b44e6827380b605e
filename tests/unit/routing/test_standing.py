"""How a case stands is said as it is: clocks that run while they run, and the end when it has ended."""

from datetime import UTC, date, datetime

import pytest

from services.routing.domain import Case, standing
from services.routing.domain.moves import OUTCOMES
from services.routing.domain.standing import OUTCOME_LABELS

TAKEN_UP_BY = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)
DONE_BY = datetime(2026, 12, 10, 16, 30, tzinfo=UTC)
BEFORE, BETWEEN = datetime(2026, 11, 24, 11, 0, tzinfo=UTC), datetime(2026, 11, 26, 11, 0, tzinfo=UTC)


def _case(state: str, **more: object) -> Case:
    return Case("x", state, acknowledge_by=TAKEN_UP_BY, resolve_by=DONE_BY, **more)  # type: ignore[arg-type]


def _said(
    case: Case, now: datetime = BEFORE, ended_at: datetime | None = None, zone: str = "Europe/Paris"
) -> list[str]:
    return [standing(case, ended_at, now, zone, language) for language in ("fr", "en")]


def test_both_clocks_run_for_a_case_that_nobody_has_taken_up() -> None:
    assert _said(_case("routed")) == [
        "État : confié à un service. À prendre en compte avant le 25/11/2026 à 17:30. "
        "À traiter avant le 10/12/2026 à 17:30.",
        "State: given to a department. To be taken up by 2026-11-25 17:30. "
        "To be resolved by 2026-12-10 17:30.",
    ]


def test_a_clock_that_has_run_out_is_said_so() -> None:
    french, english = _said(_case("routed"), BETWEEN)
    assert "avant le 25/11/2026 à 17:30 : délai dépassé. À traiter avant le 10/12/2026 à 17:30." in french
    assert "by 2026-11-25 17:30: overdue. To be resolved by 2026-12-10 17:30." in english


def test_a_case_that_is_taken_up_is_only_to_be_dealt_with() -> None:
    assert _said(_case("acknowledged"), BETWEEN) == [
        "État : pris en compte. À traiter avant le 10/12/2026 à 17:30.",
        "State: taken up. To be resolved by 2026-12-10 17:30.",
    ]


def test_a_plan_has_its_day() -> None:
    assert _said(_case("planned", planned_for=date(2026, 12, 3)))[0].startswith(
        "État : planifié (03/12/2026). À t"
    )


@pytest.mark.parametrize(
    ("state", "outcome", "french", "english"),
    [
        ("resolved", "done", "traité (fait)", "resolved (done)"),
        (
            "resolved",
            "nothing_found",
            "traité (rien trouvé sur place)",
            "resolved (nothing found on the spot)",
        ),
        ("declined", "duplicate", "clos sans suite (déjà signalé)", "declined (reported already)"),
        ("declined", None, "clos sans suite", "declined"),
    ],
)
def test_of_a_case_that_has_ended_no_clock_runs(
    state: str, outcome: str | None, french: str, english: str
) -> None:
    assert _said(_case(state, outcome=outcome), DONE_BY, BETWEEN) == [
        f"Terminé le 26/11/2026 à 12:00 : {french}.",
        f"Ended on 2026-11-26 12:00: {english}.",
    ]


def test_moments_are_the_town_s() -> None:
    assert "à 20:30." in _said(_case("acknowledged"), zone="Indian/Reunion")[0]


def test_every_outcome_has_its_words() -> None:
    assert set(OUTCOME_LABELS) == {outcome for outcomes in OUTCOMES.values() for outcome in outcomes}
