"""How a case stands, in words: its state, the clocks that run, or how and when it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.routing.domain.cases import RUNNING, STATE_LABELS, Case
from services.routing.domain.town import Label

OUTCOME_LABELS: Mapping[str, Label] = {
    "done": Label("fait", "done"),
    "nothing_found": Label("rien trouvé sur place", "nothing found on the spot"),
    "not_planned": Label("pas prévu", "not planned"),
    "not_competent": Label("hors de la compétence du service", "not for this department"),
    "duplicate": Label("déjà signalé", "reported already"),
    "invalid": Label("impossible à suivre", "cannot be followed up"),
}
_CLOCK_LABELS: Mapping[str, Label] = {
    "acknowledge": Label("À prendre en compte avant le", "To be taken up by"),
    "resolve": Label("À traiter avant le", "To be resolved by"),
}
_LATE = Label("délai dépassé", "overdue")


def standing(case: Case, ended_at: datetime | None, now: datetime, time_zone: str, language: str) -> str:
    """The sentences about a case, moments in local time. `ended_at`: when it was closed, or None."""
    said = _Standing(now, ZoneInfo(time_zone), language)
    return " ".join(said.ended(case, ended_at) if ended_at else said.running(case))


class _Standing:
    def __init__(self, now: datetime, zone: ZoneInfo, language: str) -> None:
        self._now, self._zone, self._french = now, zone, language == "fr"

    def ended(self, case: Case, ended_at: datetime) -> Iterator[str]:
        on, moment = ("Terminé le", "Ended on")[not self._french], self._moment(ended_at)
        outcome = OUTCOME_LABELS.get(case.outcome or "")
        how = f" ({self._text(outcome)})" if outcome else ""
        yield f"{on} {moment}{self._colon()}{self._text(STATE_LABELS[case.state])}{how}."

    def running(self, case: Case) -> Iterator[str]:
        planned = f" ({self._day(case.planned_for)})" if case.planned_for else ""
        label = ("État", "State")[not self._french]
        yield f"{label}{self._colon()}{self._text(STATE_LABELS[case.state])}{planned}."
        for clock, moment in (("acknowledge", case.acknowledge_by), ("resolve", case.resolve_by)):
            if moment and case.state in RUNNING[clock]:
                late = f"{self._colon()}{self._text(_LATE)}" if moment <= self._now else ""
                yield f"{self._text(_CLOCK_LABELS[clock])} {self._moment(moment)}{late}."

    def _moment(self, moment: datetime) -> str:
        local = moment.astimezone(self._zone)
        return f"{self._day(local)}{' à ' if self._french else ' '}{local:%H:%M}"

    def _day(self, day: date) -> str:
        return f"{day:%d/%m/%Y}" if self._french else f"{day:%Y-%m-%d}"

    def _colon(self) -> str:
        return " : " if self._french else ": "

    def _text(self, label: Label) -> str:
        return label.fr if self._french else label.en
