"""What has happened to a report, as its author may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """One thing that happened, by `sequence` of its report. Moments are RFC 3339, `planned_for` is a date.

    `state`: what, as in the event's type (`triaged`). `holder_kind` is `department` or `authority`, `holder`
    its slug: who had the report then. `until`: by when it was to be dealt with. `reason`: why they had it, in
    words for the author, by language.
    """

    town: str
    report_id: str
    sequence: str
    state: str
    holder_kind: str | None
    holder: str | None
    until: str | None
    outcome: str | None
    text: str | None
    planned_for: str | None
    happened_at: str
    reason: Mapping[str, str] | None = None
