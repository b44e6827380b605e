"""Reports from the town's own pages: taken at once, or kept until their author has confirmed the address.

`send` answers with a `Refused`, an `Accepted` (published at commit) or a `Kept`: then `report.kept.v1` is
published, by which notification sends the link, and nothing else until `confirm` is called for it. Showing
the link's page must not call it: mail scanners open links. What front ends send over AMQP never comes here:
they have their own ways to know a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.intake import events
from services.intake.domain.reports import Report, Town, new_reference
from services.intake.domain.submissions import Submission
from services.intake.store import kept, photos, repository
from services.intake.store.kept import Waiting
from services.intake.usecases.submissions import Outcome, Refused, Submissions
from shared import clock, db, ids
from shared.contracts import registry
from shared.unit import Unit


@dataclass(frozen=True, slots=True)
class Kept:
    """A report that waits `kept_until` then, under the id and the reference that it will have."""

    report_id: str
    reference: str
    kept_until: datetime


@dataclass(frozen=True, slots=True)
class WebReports:
    """The use case, on top of that of submissions, whose rules and limits hold here too."""

    submissions: Submissions

    def send(self, unit: Unit, submission: Submission) -> Outcome | Kept:
        """Take the submission or keep it, as the town asks."""
        town = self.submissions.towns.current(unit.conn, [submission.town]).get(submission.town)
        if town is None or not _waits(unit, town, submission):
            (outcome,) = self.submissions.submit(unit, [submission])
            return outcome
        if errors := self.submissions.admit(unit, submission):
            return Refused(errors)
        return self._keep(unit, submission, town.confirmation.days)

    def _keep(self, unit: Unit, submission: Submission, days: int) -> Kept:
        """Its photos are claimed at once: an upload that no report names is soon forgotten.

        What could not be published is not kept: nobody could mend it when it is confirmed.
        """
        reference = new_reference(submission.town)
        report = Report(ids.new_id(), reference, ids.new_id(), clock.timestamp(), submission)
        registry.check(events.report_submitted(report, self.submissions.links))
        until = kept.keep(unit.conn, report, days)
        photos.claim(unit.conn, [(named, report.id) for named in submission.named_photos])
        unit.publish(events.report_kept(report, until))
        return Kept(report.id, reference, until)

    def confirm(self, unit: Unit, town: str, report_id: str) -> str | None:
        """The author confirms; twice is once. Returns the address at which it is followed from now on.

        None where the time was up, or nothing was kept.
        """
        taken = kept.take(unit.conn, town, report_id)
        if taken is None:
            return self.confirmed(unit.conn, town, report_id)
        self.submissions.add(unit, [_report(unit, report_id, *taken)])
        return self._followed_at(town, report_id)

    def confirmed(self, conn: db.Connection, town: str, report_id: str) -> str | None:
        """The same of a report that was confirmed before; None where none was."""
        return self._followed_at(town, report_id) if repository.report(conn, town, report_id) else None

    def _followed_at(self, town: str, report_id: str) -> str:
        return self.submissions.links.tracking(town, report_id)


def waiting(conn: db.Connection, town: str, report_id: str) -> Waiting | None:
    """The kept report that this link is for; None where it was confirmed, or its time is up."""
    return kept.waiting(conn, town, report_id)


def forget_late(conn: db.Connection) -> int:
    """Delete some of the reports that nobody confirmed in time, with their photos; returns how many."""
    return kept.forget_late(conn)


def _waits(unit: Unit, town: Town, submission: Submission) -> bool:
    known = kept.is_confirmed_address(unit.conn, submission.town, submission.author.key)
    return town.confirmation.must_confirm(known)


def _report(unit: Unit, report_id: str, reference: str, submission: Submission) -> Report:
    """The report, its author registered and confirmed."""
    key = submission.town, submission.author.key
    citizen_id = repository.register_citizens(unit.conn, [submission])[key]
    kept.confirm_address(unit.conn, *key)
    return Report(report_id, reference, citizen_id, clock.timestamp(), submission)
