"""Reports from the town's own pages: taken at once, or kept until their author has confirmed the address.

A page calls `Confirmation(submissions).send(unit, submission)`. The submission's `sender`, who also owns its
photos, is `domain.reports.WEB`. The answer is a `Refused`, an `Accepted` (published at commit) or a `Kept`:
then nothing is published until `confirm(unit, *links.to_confirm(token))` is called for the link that
`links.confirmation(town, kept.report_id)` gives. Showing the link's page must not: mail scanners open links.
What front ends send over AMQP never comes here: they have their own ways to know a person.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.intake.domain.reports import Report, Town, new_reference
from services.intake.domain.submissions import Submission
from services.intake.store import kept, photos, repository
from services.intake.usecases.submissions import Outcome, Refused, Submissions
from shared import clock, db, ids
from shared.unit import Unit


@dataclass(frozen=True, slots=True)
class Kept:
    """A report that waits for `days`, under the id that it will have."""

    report_id: str
    days: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A report that was confirmed, now or before, and where its author follows it."""

    reference: str
    tracking_url: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The use case, on top of that of submissions, whose rules and limits hold here too."""

    submissions: Submissions

    def send(self, unit: Unit, submission: Submission) -> Outcome | Kept:
        """Take the submission or keep it, as the town asks."""
        town = self.submissions.towns.current(unit.conn, [submission.town]).get(submission.town)
        if town is None or not _waits(unit, town, submission):
            (outcome,) = self.submissions.submit(unit, [submission])
            return outcome
        if errors := self.submissions.errors(unit, submission):
            return Refused(errors)
        return _keep(unit, submission, town.confirmation.days)

    def confirm(self, unit: Unit, town: str, report_id: str) -> Confirmed | None:
        """The author confirms; twice is once. None where the time was up, or nothing was kept."""
        submission = kept.take(unit.conn, town, report_id)
        if submission is None:
            return self._before(unit, town, report_id)
        report = _report(unit, submission, report_id)
        self.submissions.publish(unit, [report])
        return self._confirmed(town, report_id, report.reference)

    def _before(self, unit: Unit, town: str, report_id: str) -> Confirmed | None:
        found = repository.report(unit.conn, town, report_id)
        return self._confirmed(town, report_id, found["reference"]) if found else None

    def _confirmed(self, town: str, report_id: str, reference: str) -> Confirmed:
        return Confirmed(reference, self.submissions.links.tracking(town, report_id))


def forget_late(conn: db.Connection) -> int:
    """Delete some of the reports that nobody confirmed in time, with their photos; returns how many."""
    return kept.forget_late(conn)


def _waits(unit: Unit, town: Town, submission: Submission) -> bool:
    known = kept.is_confirmed(unit.conn, submission.town, submission.author.key)
    return town.confirmation.must_confirm(known)


def _keep(unit: Unit, submission: Submission, days: int) -> Kept:
    """Its photos are claimed at once: an upload that no report names is soon forgotten."""
    report_id = ids.new_id()
    kept.keep(unit.conn, report_id, submission, days)
    named = [(submission.town, submission.sender, photo) for photo in submission.distinct_photos]
    photos.claim(unit.conn, [(photo, report_id) for photo in named])
    return Kept(report_id, days)


def _report(unit: Unit, submission: Submission, report_id: str) -> Report:
    """The report, its author registered and confirmed."""
    key = submission.town, submission.author.key
    citizen_id = repository.register_citizens(unit.conn, [submission])[key]
    kept.confirm(unit.conn, *key)
    return Report(report_id, new_reference(submission.town), citizen_id, clock.timestamp(), submission)
