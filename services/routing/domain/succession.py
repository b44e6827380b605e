"""Who takes over the open cases of a department or an authority that the town no longer has."""

from __future__ import annotations

from datetime import datetime

from services.routing.domain.cases import RUNNING, CaseFile
from services.routing.domain.clocks import Calendar, Clocks
from services.routing.domain.decision import Decision
from services.routing.domain.dispatch import targets_of
from services.routing.domain.times import Delay
from services.routing.domain.town import Holder, TownConfiguration
from shared.l10n import Label

RULE = "moved"
"""The name that such decisions give as their rule."""


def decide_succession(town: TownConfiguration, file: CaseFile, to: Holder, now: datetime) -> Decision:
    """The decision that gives the case to `to`. Its promised end stays; to take it up, `to` has its time."""
    why = _reason(town, file, to)
    plain = Label(f"{why.fr}.", f"{why.en}.").as_dict()
    version = Label(f"{why.fr} (version {town.version}).", f"{why.en} (version {town.version}).").as_dict()
    clocks = Clocks(_acknowledge_by(town, file, to, now), file.case.resolve_by)
    return Decision(to.kind, to.slug, RULE, str(town.version), version, clocks, plain_reason=plain)


def _reason(town: TownConfiguration, file: CaseFile, to: Holder) -> Label:
    kind, slug = file.case.target_kind or "", file.case.target or ""
    before, after = town.labels[kind].get(slug) or Label.same(slug), town.holders()[to]
    return Label(
        f"« {before.fr} » n'existe plus : ses signalements ouverts vont à « {after.fr} »",
        f"“{before.en}” no longer exists: its open reports go to “{after.en}”",
    )


def _acknowledge_by(town: TownConfiguration, file: CaseFile, to: Holder, now: datetime) -> datetime | None:
    """As it was while nobody had acknowledged it; else counted from now: the new holder has not."""
    case = file.case
    if case.acknowledge_by is None or case.state in RUNNING["acknowledge"]:
        return case.acknowledge_by
    delay = _delay(town, file, to)
    return Calendar(town.time_zone, town.working_time).deadline(now, delay) if delay else None


def _delay(town: TownConfiguration, file: CaseFile, to: Holder) -> Delay | None:
    if to.kind == "authority":
        return town.delays.forwarded.acknowledge
    return targets_of(town, file.report["category"], "normal").acknowledge
