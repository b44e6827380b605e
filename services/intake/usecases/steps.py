"""Recording what happens to reports, for their authors' pages."""

from __future__ import annotations

from collections.abc import Sequence

from services.intake.domain.steps import RecordedStep
from services.intake.store import repository
from shared.unit import Unit


def record_steps(unit: Unit, steps: Sequence[RecordedStep]) -> None:
    """Keep these steps, each once."""
    repository.add_steps(unit.conn, steps)
