"""What notification reads of the events it takes; it passes over all else."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marshmallow import Schema, fields

from shared.contracts import blocks
from shared.contracts.fields import Block
from shared.contracts.intake import ReportCompletedV1, ReportKeptV1, ReportWithdrawnV1
from shared.contracts.routing import ReportDeclinedV1, ReportPlannedV1, ReportResolvedV1, TownConfiguredV1
from shared.contracts.texts import Lines, Slug


class Submitted(Block):
    """A report was taken."""

    report = fields.Nested(blocks.Report, required=True)


Kept = ReportKeptV1


class Routed(Submitted):
    """A department has it: why, and until when."""

    department = Slug(required=True)
    decision = fields.Nested(blocks.Decision, required=True)
    clocks = fields.Nested(blocks.Clocks, required=True)


class Forwarded(Submitted):
    """An authority is to have it, and why."""

    authority = Slug(required=True)
    decision = fields.Nested(blocks.Decision, required=True)


class Acknowledged(Submitted):
    """Its department took it up, and what it writes."""

    department = Slug(required=True)
    text = Lines(4000, load_default=None)


class Planned(ReportPlannedV1):
    """The work has a date."""

    class Meta:
        exclude = ("agent_id",)


class Resolved(ReportResolvedV1):
    """The department has dealt with it."""

    class Meta:
        exclude = ("agent_id",)


class Declined(ReportDeclinedV1):
    """The department will not do it, and says why."""

    class Meta:
        exclude = ("agent_id",)


Withdrawn = ReportWithdrawnV1
Completed = ReportCompletedV1


# Nobody is told of triage: of that event, the report alone is read, so that one that is wrong is noticed.
EVENTS: Mapping[str, type[Schema]] = MappingProxyType(
    {
        "report.kept.v1": Kept,
        "report.submitted.v1": Submitted,
        "report.routed.v1": Routed,
        "report.forwarded.v1": Forwarded,
        "report.triaged.v1": Submitted,
        "report.acknowledged.v1": Acknowledged,
        "report.planned.v1": Planned,
        "report.resolved.v1": Resolved,
        "report.declined.v1": Declined,
        "report.withdrawn.v1": Withdrawn,
        "report.completed.v1": Completed,
    }
)

# Read whole: which field a mail needs depends on the template, and the whole is what is kept.
TownConfigured = TownConfiguredV1
