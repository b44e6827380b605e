"""Routing's rules: whose business a report is, who acts, by when, and how a case moves. Pure, no I/O.

    configuration = townfiles.load(directory)            # or from_document(stored, version)
    decision = decide(configuration, Report.from_data(event.data["report"], source), now)
    decision.reason["fr"]                                # why, in a sentence
    moved = apply(case, Actor("gentilly", "voirie", "Nadia"), Action("acknowledge"))
    if isinstance(moved, Refusal): ...                   # .code, .field, .message.fr / .en

- `decide(configuration, report, now) -> Decision` never raises. `Decision.target_kind` is `department`,
  `authority` or `triage`; `target` the slug and `rule` the rule's name (both None in triage, whose `cause` is
  `outside_town`, `place_needed`, `no_rule` or `rule_error`); `rule_set` the configuration's version as text;
  `reason` a sentence by language; `clocks.acknowledge_by`/`resolve_by` aware UTC moments or None, counted
  from the report's submission; `alert` true when the town's rules need attention. What a configuration needs
  for deciding is built at its first decision and kept: hold on to the configuration object.
- `to_document`/`from_document` store a configuration and load it again; `fingerprint` tells whether two are
  the same set-up; `to_event_data(configuration, version)` is the data of `town.configured.v1`;
  `lacks(configuration)` says what was copied with a town and is not its own yet.
- `apply(case, actor, action) -> Case | Refusal` moves a case by the table `TRANSITIONS`. `route`, `forward`
  and `triage` are the town's own moves (`Action.decided(decision)` makes one), the others an agent's;
  `withdraw`, `reopen` and `complete` are the author's (`decide_reopening` says who has it again).
  `decide_succession` gives a case of a department that is gone to another; `agent_of_tool` says who acts
  through a tool. `RUNNING` lists the states in which each clock runs;
  `standing(case, ended_at, now, time_zone, language)` says in words how a case stands, and
  `overdue(case, now)` which clocks have run out.
"""

from services.routing.domain.actions import NOT_ALLOWED, UNKNOWN_REPORT, Action, Refusal, apply
from services.routing.domain.actors import Actor, agent_of_tool
from services.routing.domain.cases import CLOCKS, RUNNING, Case, CaseFile, Clock
from services.routing.domain.clocks import Calendar, Clocks
from services.routing.domain.competence import AreaError
from services.routing.domain.decision import RETURNED, Decision, Report, why_returned
from services.routing.domain.dispatch import decide
from services.routing.domain.document import fingerprint, from_document, to_document, to_event_data
from services.routing.domain.moves import TRANSITIONS, Move
from services.routing.domain.readiness import lacks
from services.routing.domain.reopening import decide_reopening
from services.routing.domain.standing import overdue, standing
from services.routing.domain.succession import decide_succession
from services.routing.domain.town import Holder, TownConfiguration

__all__ = [
    "CLOCKS",
    "NOT_ALLOWED",
    "RETURNED",
    "RUNNING",
    "TRANSITIONS",
    "UNKNOWN_REPORT",
    "Action",
    "Actor",
    "AreaError",
    "Calendar",
    "Case",
    "CaseFile",
    "Clock",
    "Clocks",
    "Decision",
    "Holder",
    "Move",
    "Refusal",
    "Report",
    "TownConfiguration",
    "agent_of_tool",
    "apply",
    "decide",
    "decide_reopening",
    "decide_succession",
    "fingerprint",
    "from_document",
    "lacks",
    "overdue",
    "standing",
    "to_document",
    "to_event_data",
    "why_returned",
]
