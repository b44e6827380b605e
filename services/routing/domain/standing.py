"""How a case stands, in words: its state, the clocks that run, or how and when it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from services.routing.domain.cases import CLOCKS, RUNNING, Case, Clock
from shared.contracts.states import STATE_LABELS
from shared.l10n import Dates, Label, colon

OUTCOME_LABELS: Mapping[str, Label] = {
    "done": Label("fait", "done"),
    "nothing_found": Label("rien trouvé sur place", "nothing found on the spot"),
    "not_planned": Label("pas prévu", "not planned"),
    "not_competent": Label("hors de la compétence du service", "not for this department"),
    "duplicate": Label("déjà signalé", "reported already"),
    "invalid": Label("impossible à suivre", "cannot be followed up"),
}
_CLOCK_LABELS: Mapping[Clock, Label] = {
    "acknowledge": Label("À prendre en compte avant le", "To be taken up by"),
    "resolve": Label("À traiter avant le", "To be resolved by"),
}
_LATE = Label("délai dépassé", "overdue")
_STATE, _ENDED = Label("État", "State"), Label("Terminé le", "Ended on")


def standing(case: Case, ended_at: datetime | None, now: datetime, time_zone: str, language: str) -> str:
    """The sentences about a case, moments in local time. `ended_at`: when it was closed, or None."""
    said = _Standing(now, Dates(language, time_zone), language)
    return " ".join(said.ended(case, ended_at) if ended_at else said.running(case))


def overdue(case: Case, now: datetime) -> tuple[Clock, ...]:
    """The clocks of the case that run and have run out."""
    running = ((clock, case.due_at(clock)) for clock in CLOCKS if case.state in RUNNING[clock])
    return tuple(clock for clock, due_at in running if due_at and due_at <= now)


class _Standing:
    def __init__(self, now: datetime, dates: Dates, language: str) -> None:
        self._now, self._dates, self._language = now, dates, language
        self._colon = colon(language)

    def ended(self, case: Case, ended_at: datetime) -> Iterator[str]:
        on, moment = self._text(_ENDED), self._dates.short_moment(ended_at)
        outcome = OUTCOME_LABELS.get(case.outcome or "")
        how = f" ({self._text(outcome)})" if outcome else ""
        yield f"{on} {moment}{self._colon}{self._text(STATE_LABELS[case.state])}{how}."

    def running(self, case: Case) -> Iterator[str]:
        planned = f" ({self._dates.short_day(case.planned_for)})" if case.planned_for else ""
        yield f"{self._text(_STATE)}{self._colon}{self._text(STATE_LABELS[case.state])}{planned}."
        for clock in CLOCKS:
            due_at = case.due_at(clock)
            if due_at and case.state in RUNNING[clock]:
                late = f"{self._colon}{self._text(_LATE)}" if due_at <= self._now else ""
                yield f"{self._text(_CLOCK_LABELS[clock])} {self._dates.short_deadline(due_at)}{late}."

    def _text(self, label: Label) -> str:
        return label.in_language(self._language)
