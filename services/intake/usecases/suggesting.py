"""Proposing categories for a person's own words, and learning from the reports of the town."""

from __future__ import annotations

from dataclasses import dataclass

from services.intake.domain.learning import accuracy, shares
from services.intake.domain.suggestions import Learned, Suggester, Suggestion
from services.intake.store import learned
from shared import db, towns
from shared.unit import Unit

_TRIED = 5  # every fifth report is tried and not learned from, when the accuracy is taken


class Suggesters:
    """Each town's suggester, made anew when the town is configured or has learned."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[tuple[int, str], Suggester]] = {}

    def suggest(self, conn: db.Connection, town: str, text: str) -> list[Suggestion] | None:
        """At most three categories, the best first, for the person to choose; None for no such town."""
        state = learned.state(conn, town)
        if state is None:
            return None
        known = self._made.get(town)
        if known is None or known[0] != state:
            known = self._made[town] = state, _suggester(conn, town)
        return known[1].suggest(text)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of learning: shares of the `tried` reports whose category was among the three, if any."""

    reports: int
    stems: int
    tried: int
    before: float | None
    after: float | None


def learn(unit: Unit, town: str) -> Lesson | None:
    """Count anew which words went with which categories in the town's reports, and keep that.

    None where there is no such town.
    """
    if learned.state(unit.conn, town) is None:
        return None
    written = learned.written(unit.conn, town)
    tried, rest = written[::_TRIED], [each for n, each in enumerate(written) if n % _TRIED]
    counted = shares(written)
    learned.keep(unit.conn, town, counted)
    return Lesson(
        reports=len(written),
        stems=len(counted),
        tried=len(tried),
        before=accuracy(_suggester(unit.conn, town, {}), tried),
        after=accuracy(_suggester(unit.conn, town, shares(rest)), tried),
    )


def _suggester(conn: db.Connection, town: str, counted: Learned | None = None) -> Suggester:
    found = towns.stored(conn, town)
    assert found is not None
    return Suggester(found[1]["categories"], learned.learned(conn, town) if counted is None else counted)
