"""Taking submissions: a report is stored, its author registered, its photos claimed, and it is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.intake import events
from services.intake.domain.links import Links
from services.intake.domain.reports import (
    FieldError,
    Report,
    Town,
    errors_for,
    new_reference,
    photo_errors,
    warnings_for,
)
from services.intake.domain.submissions import NamedPhoto, Submission
from services.intake.store import photos, repository
from services.intake.usecases.limits import Limits
from shared import clock, ids
from shared.towns import Towns
from shared.unit import Unit


@dataclass(frozen=True, slots=True)
class Accepted:
    """The report that was stored, where its author follows it, and what in it decides nothing."""

    report: Report
    tracking_url: str
    warnings: tuple[FieldError, ...] = ()

    @property
    def report_id(self) -> str:
        """As of what is kept."""
        return self.report.id

    @property
    def kept_until(self) -> None:
        """It is not kept: it is published."""
        return None


@dataclass(frozen=True, slots=True)
class Refused:
    """All that keeps a submission from being taken."""

    errors: tuple[FieldError, ...]


Outcome = Accepted | Refused


@dataclass(frozen=True, slots=True)
class Submissions:
    """The use case, with the towns as intake knows them and the addresses that it makes."""

    links: Links
    towns: Towns[Town]
    limits: Limits

    def submit(self, unit: Unit, submissions: Sequence[Submission]) -> list[Outcome]:
        """Take what the towns take; returns what became of each, in the same order.

        A photo belongs to the first submission that names it; the others are refused.
        """
        towns = self.towns.current(unit.conn, {s.town for s in submissions})
        errors = self._admit_all(unit, towns, submissions)
        taken = [s for s, wrong in zip(submissions, errors, strict=True) if not wrong]
        reports = _reports(unit, taken)
        photos.claim(unit.conn, [(named, r.id) for r in reports for named in r.submission.named_photos])
        self.add(unit, reports)
        left = iter(reports)
        return [Refused(wrong) if wrong else self._accepted(towns, next(left)) for wrong in errors]

    def admit(self, unit: Unit, submission: Submission) -> tuple[FieldError, ...]:
        """What is wrong with one; where nothing is, its photos are locked, and it counts for the limits."""
        towns = self.towns.current(unit.conn, [submission.town])
        return self._admit_all(unit, towns, [submission])[0]

    def add(self, unit: Unit, reports: Sequence[Report]) -> None:
        """Store reports whose photos are theirs, and publish each."""
        repository.add_reports(unit.conn, reports)
        for report in reports:
            unit.publish(events.report_submitted(report, self.links))

    def errors_of_part(
        self, unit: Unit, town: str, sender: str, kind: str | None, category: str | None, named: Sequence[str]
    ) -> list[FieldError]:
        """What is wrong with a submission of which only a part could be read; None for what could not."""
        known = self.towns.current(unit.conn, [town]).get(town)
        free = photos.free(unit.conn, {(town, sender, photo) for photo in named})
        there = {photo for _, _, photo in free}
        return [*errors_for(known, sender, kind, category), *photo_errors(named, there)]

    def _admit_all(
        self, unit: Unit, towns: Mapping[str, Town], submissions: Sequence[Submission]
    ) -> list[tuple[FieldError, ...]]:
        """What is wrong with each, in the same order; those with which nothing is are admitted."""
        free = photos.lock_free(unit.conn, {named for s in submissions for named in s.named_photos})
        found = []
        for submission in submissions:
            wrong = _errors(towns.get(submission.town), submission, free)
            found.append(wrong or tuple(self.limits.errors(submission)))
            if not found[-1]:
                free.difference_update(submission.named_photos)
                self.limits.add(submission)
        return found

    def _accepted(self, towns: Mapping[str, Town], report: Report) -> Accepted:
        sent = report.submission
        link = self.links.tracking(report.town, report.id)
        return Accepted(report, link, warnings_for(towns[report.town], sent.category, sent.answers))


def _errors(town: Town | None, submission: Submission, free: set[NamedPhoto]) -> tuple[FieldError, ...]:
    there = [photo for *_, photo in free.intersection(submission.named_photos)]
    wrong = errors_for(town, submission.sender, submission.kind, submission.category)
    return (*wrong, *photo_errors(submission.photos, there))


def _reports(unit: Unit, submissions: Sequence[Submission]) -> list[Report]:
    """The reports of these submissions, their authors registered."""
    citizens = repository.register_citizens(unit.conn, submissions)
    return [
        Report(
            id=ids.new_id(),
            reference=new_reference(submission.town),
            citizen_id=citizens[submission.town, submission.author.key],
            submitted_at=clock.timestamp(),
            submission=submission,
        )
        for submission in submissions
    ]
