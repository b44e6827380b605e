"""What the author of a report does about it later: withdraw, reopen, add to it, rate how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.intake import events
from services.intake.domain.acts import AuthorAct, photos_of, sequence_after
from services.intake.domain.follow_up import FollowUp, PageTown
from services.intake.domain.links import Links
from services.intake.domain.steps import RecordedStep
from services.intake.store import photos, repository
from services.intake.usecases.follow_up import follow_up
from shared import clock
from shared.towns import Towns
from shared.unit import Unit

Outcome = Literal["done", "too_late", "unknown"]


@dataclass(frozen=True, slots=True)
class Acts:
    """The use case, with the towns whose pages show it and the addresses of photos."""

    links: Links
    towns: Towns[PageTown]

    def do(self, unit: Unit, town: str, report_id: str, act: AuthorAct) -> Outcome:
        """Do it, and publish it. `too_late`: it is not possible (any more); done twice is once.

        Routing decides in the end: where its department has ended it meanwhile, a withdrawal changes nothing.
        """
        repository.lock_steps(unit.conn, town, report_id)
        report = follow_up(unit.conn, self.towns, town, report_id)
        if report is None:
            return "unknown"
        added = _free_photos(unit, town, report_id, act)[: report.free_photos]
        if not added and _is_done(report, act):
            return "done"
        if act.act not in report.may:
            return "too_late"
        self._record(unit, town, report_id, act, added)
        return "done"

    def _record(self, unit: Unit, town: str, report_id: str, act: AuthorAct, added: list[str]) -> None:
        named = [(town, photos_of(report_id), photo) for photo in added]
        photos.claim(unit.conn, [(photo, report_id) for photo in named])
        holder = repository.holder(unit.conn, town, report_id)
        step = _step(town, report_id, act, holder, repository.last_sequence(unit.conn, town, report_id))
        repository.add_steps(unit.conn, [step])
        row = repository.report(unit.conn, town, report_id)
        shown = [photo.id for photo in photos.of_report(unit.conn, town, report_id)]
        assert row is not None
        unit.publish(events.report_acted(town, row, shown, act, added, holder, self.links))


def _is_done(report: FollowUp, act: AuthorAct) -> bool:
    """Whether the last thing that happened is this very act, pressed twice; or it adds nothing."""
    if act.act == "completed" and not act.text:
        return True
    last = report.steps[-1] if report.steps else None
    return last is not None and (last.state, last.text, last.outcome) == (act.act, act.text, act.outcome)


def _free_photos(unit: Unit, town: str, report_id: str, act: AuthorAct) -> list[str]:
    """Its photos that are there and in no report yet, locked, in order."""
    named = [(town, photos_of(report_id), photo) for photo in act.photos]
    free = photos.lock_free(unit.conn, named)
    return [each[2] for each in dict.fromkeys(named) if each in free]


def _step(
    town: str, report_id: str, act: AuthorAct, holder: tuple[str, str] | None, last: str | None
) -> RecordedStep:
    return RecordedStep(
        town=town,
        report_id=report_id,
        sequence=sequence_after(last),
        state=act.act,
        holder_kind=holder[0] if holder else None,
        holder=holder[1] if holder else None,
        until=None,
        outcome=act.outcome,
        text=act.text,
        planned_for=None,
        happened_at=clock.timestamp(),
    )
