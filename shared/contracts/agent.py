"""What agents' tools send, and what routing answers them.

A department acts on a report that it has. `agent` names the person in the tool's own way.
"""

from shared.contracts.blocks import Errors, ReportName
from shared.contracts.fields import Block, Choice, Nested
from shared.contracts.states import DECLINED, RESERVED, RESOLVED, STATES
from shared.contracts.texts import Day, GivenId, Line, Lines


class Action(Block):
    """What every action says."""

    report = GivenId(required=True, metadata={"description": "The report's `id`."})
    agent = Line(100, required=True, metadata={"description": "Name or id of the tool's user."})


class WithText(Action):
    """An action that has to be explained."""

    text = Lines(4000, required=True)


class AgentAcknowledgedV1(Action):
    """The department has taken the report up."""

    text = Lines(4000, load_default=None)


class AgentPlannedV1(Action):
    """The work has a date."""

    planned_for = Day(
        required=True,
        metadata={"description": "`2026-11-30`: today or later in the town's time, ten years ahead at most."},
    )
    text = Lines(4000, load_default=None)


class AgentResolvedV1(WithText):
    """It is dealt with; the citizen reads the text."""

    outcome = Choice(RESOLVED, load_default="done")


class AgentDeclinedV1(WithText):
    """It will not be done; the citizen reads why."""

    outcome = Choice(DECLINED, required=True)


class AgentReturnedV1(WithText):
    """It is not this department's; it goes back to triage, with the reason."""


class AgentNotedV1(WithText):
    """A note among agents; citizens never see it."""


class ActionAcceptedV1(Block):
    """The action is stored."""

    report = Nested(ReportName, required=True)
    state = Choice(
        (*STATES, *RESERVED), required=True, metadata={"description": "The report's state from now on."}
    )


class ActionRejectedV1(Errors):
    """The action was not taken."""
