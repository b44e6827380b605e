"""Writing a report in the town's own form, and sending it once, however often it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from services.intake.domain.drafts import Draft, SentDraft
from services.intake.store import drafts
from services.intake.usecases.submissions import Refused
from services.intake.usecases.web_reports import WebReports
from shared import db, ids
from shared.l10n import Language
from shared.unit import Unit


@dataclass(frozen=True, slots=True)
class Drafts:
    """The use case, on top of that which sends."""

    web_reports: WebReports

    def begin(self, unit: Unit, town: str, kind: str, language: Language) -> Draft:
        """A new draft, under an id that nobody can guess."""
        draft = Draft(town, ids.random_id(), language, kind)
        drafts.add(unit.conn, draft)
        return draft

    def read(self, conn: db.Connection, town: str, draft_id: str) -> Draft | SentDraft | None:
        """What is in it, or what became of it; None where there is none, or no longer."""
        return drafts.get(conn, town, draft_id)

    def save(self, unit: Unit, draft: Draft) -> Draft | SentDraft | None:
        """Keep what is in it now; one that was sent meanwhile stays as it was sent."""
        found = drafts.get(unit.conn, draft.town, draft.id, lock=True)
        if not isinstance(found, Draft):
            return found
        drafts.save(unit.conn, draft)
        return draft

    def send(self, unit: Unit, town: str, draft_id: str) -> Draft | SentDraft | Refused | None:
        """Send it, once: sent again, it is what became of it. A Draft where something is missing."""
        found = drafts.get(unit.conn, town, draft_id, lock=True)
        if not isinstance(found, Draft) or found.missing:
            return found
        outcome = self.web_reports.send(unit, found.submission())
        if isinstance(outcome, Refused):
            return outcome
        sent = found.sent_as(outcome.report_id, outcome.kept_until)
        drafts.mark_sent(unit.conn, sent)
        return sent


def forget_untouched(conn: db.Connection) -> int:
    """Forget some of the drafts that nobody has touched for a day; returns how many."""
    return drafts.forget(conn)
