"""What intake reads: submissions strictly, and of other services' events the fields that it uses."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import Schema, fields

from shared.contracts import states
from shared.contracts.blocks import Clocks, Label
from shared.contracts.fields import Block
from shared.contracts.front_end import SubmissionSentV1
from shared.contracts.notification import ContactsRequestedV1
from shared.contracts.routing import TownConfiguredV1
from shared.contracts.states import event_type
from shared.contracts.texts import Day, Id, Line, Lines, Slug

SUBMISSIONS: Mapping[str, Schema] = {"submission.sent.v1": SubmissionSentV1()}

ContactsRequested = ContactsRequestedV1
TownConfigured = TownConfiguredV1


class Which(Block):
    """Which report an event is about."""

    id = Id(required=True)


class Decision(Block):
    """Why it went where it went, in words for its author."""

    plain_reason = fields.Nested(Label, load_default=None)


class StepFields(Block):
    """What of any of routing's events is shown to the report's author."""

    report = fields.Nested(Which, required=True)
    department = Slug(load_default=None)
    authority = Slug(load_default=None)
    decision = fields.Nested(Decision, load_default=None)
    clocks = fields.Nested(Clocks, load_default=None)
    outcome = Line(40, load_default=None)
    text = Lines(4000, load_default=None)
    planned_for = Day(load_default=None)


STEPS: Mapping[str, type[Schema]] = {
    event_type(step): StepFields
    for step in (*states.STEPS.values(), "overdue")
    if step not in ("submitted", *states.ACTS)
}
