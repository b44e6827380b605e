"""What analytics publishes for analysts."""

from shared.contracts.fields import Block, Choice, Flag
from shared.contracts.kinds import KINDS
from shared.contracts.states import DECLINED, RATED, RESOLVED, STEPS, TARGET_KINDS, WITHDRAWN
from shared.contracts.texts import CategoryPath, Cell, Hour, Slug

HAPPENED = (*STEPS.values(), "merged", "reopened", "overdue", "rated")
DELAYS = ("<1h", "<4h", "<1d", "<2d", "<5d", "<10d", "<30d", "more")


class StatisticsFactV1(Block):
    """Something happened to a report; nothing in it leads back to the report or to a person."""

    kind = Choice(KINDS, required=True)
    category = CategoryPath(
        required=True,
        metadata={
            "description": "The category of the report, or the one above it where fewer than 11 reports of "
            "that category came from the cell in twelve months (those without a place count as one cell)."
        },
    )
    target_kind = Choice(TARGET_KINDS, required=True, allow_none=True)
    target = Slug(required=True, allow_none=True)
    happened = Choice(HAPPENED, required=True)
    hour = Hour(required=True, metadata={"description": "When it happened, cut to the hour, in UTC."})
    delay = Choice(DELAYS, required=True, metadata={"description": "Time since the submission, by class."})
    cell = Cell(
        required=True,
        allow_none=True,
        metadata={
            "description": "The place, as a cell of a grid of about 200 m, named by its south-west corner in "
            "degrees, latitude:longitude; null without a place, or where `category` is the one above."
        },
    )
    coarsened = Flag(
        load_default=False,
        metadata={"description": "Whether `category` is the one above the report's own."},
    )
    outcome = Choice(
        (*RESOLVED, *DECLINED, *WITHDRAWN, *RATED),
        load_default=None,
        metadata={"description": "How it was resolved, declined or rated, or why withdrawn."},
    )
