"""What analytics publishes for analysts."""

from shared.contracts.blocks import HOLDERS, KINDS
from shared.contracts.fields import Block, Choice
from shared.contracts.texts import CategoryPath, Hour, Line, Slug

HAPPENED = (
    "submitted",
    "routed",
    "forwarded",
    "triaged",
    "acknowledged",
    "planned",
    "resolved",
    "declined",
    "merged",
    "reopened",
    "withdrawn",
    "overdue",
    "rated",
)
DELAYS = ("<1h", "<4h", "<1d", "<2d", "<5d", "<10d", "<30d", "more")


class StatisticsFactV1(Block):
    """Something happened to a report; nothing in it leads back to the report or to a person."""

    kind = Choice(KINDS, required=True)
    category = CategoryPath(
        required=True,
        metadata={"description": "The leaf, or its parent where fewer than 11 reports make the cell."},
    )
    target_kind = Choice(HOLDERS, required=True, allow_none=True)
    target = Slug(required=True, allow_none=True)
    happened = Choice(HAPPENED, required=True)
    hour = Hour(required=True, metadata={"description": "When it happened, cut to the hour, in UTC."})
    delay = Choice(DELAYS, required=True, metadata={"description": "Time since the submission, by class."})
    cell = Line(
        40,
        required=True,
        allow_none=True,
        metadata={"description": "A cell of a coarse grid; null without a place, or where reports are few."},
    )
