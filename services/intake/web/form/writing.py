"""What the form's pages do with drafts: each call one short transaction of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta

from services.intake.domain.drafts import Draft, SentDraft
from services.intake.domain.follow_up import FollowUp, PageTown, page_town
from services.intake.domain.suggestions import Suggestion
from services.intake.usecases.drafts import Drafts
from services.intake.usecases.follow_up import follow_up
from services.intake.usecases.photo_access import waiting_thumbnail
from services.intake.usecases.submissions import Refused
from services.intake.usecases.suggesting import Suggesters
from shared import clock, db
from shared.l10n import Language
from shared.towns import Towns
from shared.unit import Units
from shared.web import Problem

_PATIENCE = 1.0  # seconds that a page waits for routing, once, so that it can say who has the report
_NEW = timedelta(seconds=5)
_PAUSE = 0.05  # another process commits what is waited for; no connection is held meanwhile


@dataclass(frozen=True, slots=True)
class Writing:
    """Drafts as the pages use them."""

    pool: db.Pool
    drafts: Drafts
    suggesters: Suggesters = field(default_factory=Suggesters)
    page_towns: Towns[PageTown] = field(default_factory=lambda: Towns(page_town))

    def begin(self, town: str, kind: str, language: Language) -> Draft:
        """A new draft."""
        with Units(self.pool).open() as unit:
            return self.drafts.begin(unit, town, kind, language)

    def draft(self, town: str, draft_id: str) -> Draft | SentDraft:
        """What was written so far, or what became of it. Raises Problem, 404."""
        with self.pool.connection() as conn:
            return _there(self.drafts.read(conn, town, draft_id))

    def save(self, draft: Draft) -> Draft | SentDraft:
        """Keep what is in it now. Raises Problem, 404."""
        with Units(self.pool).open() as unit:
            return _there(self.drafts.save(unit, draft))

    def send(self, draft: Draft) -> Draft | SentDraft | Refused:
        """Send it, once. Raises Problem, 404."""
        with Units(self.pool).open() as unit:
            outcome = self.drafts.send(unit, draft.town, draft.id)
        return outcome if isinstance(outcome, Refused) else _there(outcome)

    def proposals(self, town: str, words: str) -> list[Suggestion]:
        """The categories that the words may mean, the best first."""
        if not words:
            return []
        with self.pool.connection() as conn:
            return self.suggesters.suggest(conn, town, words) or []

    def thumbnail(self, town: str, photo: str) -> bytes | None:
        """A photo that the store does not have yet; None where it has."""
        with self.pool.connection() as conn:
            return waiting_thumbnail(conn, (town, photo))

    def followed(self, sent: SentDraft) -> FollowUp | None:
        """The report, with who has it if routing says so in time; None while its author has not confirmed."""
        until = time.monotonic() + _PATIENCE
        while True:
            with self.pool.connection() as conn:
                found = follow_up(conn, self.page_towns, sent.town, sent.report_id)
            is_new = found is not None and clock.now() - found.submitted_at < _NEW
            if found is None or found.steps or not is_new or time.monotonic() > until:
                return found
            time.sleep(_PAUSE)


def _there(found: Draft | SentDraft | None) -> Draft | SentDraft:
    if found is None:
        raise Problem(404)
    return found
