"""What the page says of a report: each state in words, with the look that goes with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.intake.domain.follow_up import RECEIVED, FollowUp, Step
from shared.l10n import Dates, Label, Language, coordinates, unbroken

Look = Literal["sent", "given", "taken", "planned", "done", "closed", "late"]


@dataclass(frozen=True, slots=True)
class State:
    """A state in words. `holder`: what leads to who has it, where somebody has."""

    title: str
    sentence: str
    look: Look
    holder: str = "Department"


# By state, or by state and outcome. The words are in English here, and translated where they are said.
STATES: Mapping[str, State] = {
    RECEIVED: State("Received", "It has arrived, and is about to be given to whoever deals with it.", "sent"),
    "triaged": State("Being looked at", "The town hall is finding out who is to act.", "sent"),
    "routed": State("Given to a department", "A department of the town is in charge.", "given"),
    "forwarded": State(
        "Forwarded",
        "This is not the town’s responsibility: it was handed to the body that is competent.",
        "given",
        "Forwarded to",
    ),
    "acknowledged": State("Taken up", "The department has read it and is dealing with it.", "taken"),
    "planned": State("Work is planned", "The department has planned to act.", "planned"),
    "resolved": State("Closed", "The department has given its answer.", "closed"),
    "resolved/done": State("Dealt with", "The department has acted.", "done"),
    "resolved/nothing_found": State(
        "Nothing was found", "The department went to see and found nothing to do.", "closed"
    ),
    "declined": State("Closed", "The town will not act on it.", "closed"),
    "declined/not_planned": State("No work is planned", "The town has decided not to act.", "closed"),
    "declined/not_competent": State("Not for the town to decide", "The town may not act here.", "closed"),
    "declined/duplicate": State("Already known", "The town had been told of it before.", "closed"),
    "declined/invalid": State("Could not be dealt with", "What was sent was not enough to act on.", "closed"),
    "withdrawn": State("Withdrawn", "You have taken it back: nobody acts on it any more.", "closed"),
    "reopened": State(
        "Reopened", "You have said that it is not settled: the department has it again.", "given"
    ),
    "completed": State("Added to", "You have added to it.", "sent"),
    "rated": State("Rated", "You have said what you think of the answer.", "closed"),
    "rated/satisfied": State("Rated", "You are satisfied with the answer.", "done"),
    "rated/unsatisfied": State("Rated", "You are not satisfied with the answer.", "closed"),
    "overdue": State("Late", "The promised time has passed.", "late"),
}
UNKNOWN = State("Updated", "Something new has happened.", "given")

KINDS: Mapping[str, str] = {
    "problem": "Your report",
    "suggestion": "Your suggestion",
    "praise": "Your words of thanks",
}
# What is to come in the end, by kind.
ENDS: Mapping[str, str] = {"problem": "Dealt with", "suggestion": "Answered", "praise": "Answered"}


# How far along a report is, by state; what has ended is at the end.
_ALONG: Mapping[str, int] = {
    RECEIVED: 0,
    "triaged": 1,
    "forwarded": 1,
    "routed": 2,
    "reopened": 2,
    "acknowledged": 3,
    "planned": 4,
}
_END = 5

Place = Literal["past", "present", "ahead"]


@dataclass(frozen=True, slots=True)
class Told:
    """A step as the page shows it. `at_iso`: for machines."""

    title: str
    sentence: str
    look: Look
    at: str
    at_iso: str
    holder_title: str
    holder: str
    planned_for: str
    text: str


class Words:
    """Says things of a report in one language, dates in its town's time. `gettext`: the pages' catalogue."""

    def __init__(self, language: Language, report: FollowUp, gettext: Callable[[str], str]) -> None:
        self._language = language
        self._report = report
        self._dates = Dates(language, report.time_zone)
        self._gettext = gettext

    def kind(self) -> str:
        """What the citizen sent."""
        return self._gettext(KINDS.get(self._report.kind, KINDS["problem"]))

    def label(self, label: Label | None) -> str:
        """A label in this language; nothing for nothing."""
        return unbroken(label.in_language(self._language), self._language) if label else ""

    def point(self) -> str:
        """Where it is, as coordinates that people can read; nothing for nothing."""
        return coordinates(*self._report.point, self._language) if self._report.point else ""

    def geo(self) -> str:
        """Where it is, for a telephone's own map (RFC 5870): nobody is asked for one. Nothing for nothing."""
        point = self._report.point
        return f"geo:{point[0]:.6f},{point[1]:.6f}" if point else ""

    def map_url(self) -> str:
        """Where it is, on a map that any browser shows, at somebody else's, who is asked only by a press."""
        if not self._report.point:
            return ""
        latitude, longitude = (f"{degrees:.5f}" for degrees in self._report.point)
        marked = f"mlat={latitude}&mlon={longitude}#map=18/{latitude}/{longitude}"
        return f"https://www.openstreetmap.org/?{marked}"

    def until(self) -> str:
        """The last day on which it is in time; nothing where nothing is promised."""
        return self._dates.deadline_day(self._report.until) if self._report.until else ""

    def moment(self, when: datetime) -> str:
        """A day and its hour."""
        return self._dates.moment(when)

    def now(self) -> Told:
        """Where the report is."""
        return self._told(self._report.now)

    def line(self) -> list[tuple[str, Place]]:
        """The way of a report, and how far this one is on it; the town's way ends where it is forwarded."""
        now, seen = self._report.now, {step.state for step in self._report.history}
        if now.state == "forwarded":
            return [(self._title(RECEIVED), "past"), (self._title("forwarded"), "present")]
        here = _ALONG.get(now.state, _END)
        stages = [(_ALONG[state], self._title(state)) for state in _stages(now.state, seen)]
        end = state_of(now).title if here == _END else ENDS.get(self._report.kind, ENDS["problem"])
        return [(title, _place(along, here)) for along, title in [*stages, (_END, self._gettext(end))]]

    def history(self) -> list[Told]:
        """What happened, saying who has the report where that changes."""
        steps = self._report.history
        before = (None, *(step.holder for step in steps))
        return [
            self._told(step if step.holder != holder else replace(step, holder=None))
            for step, holder in zip(steps, before, strict=False)
        ]

    def _title(self, state: str) -> str:
        return self._gettext(STATES[state].title)

    def _told(self, step: Step) -> Told:
        state = state_of(step)
        return Told(
            title=self._gettext(state.title),
            sentence=self._gettext(state.sentence),
            look=state.look,
            at=self.moment(step.at),
            at_iso=step.at.isoformat(timespec="minutes"),
            holder_title=self._gettext(state.holder),
            holder=self.label(step.holder),
            planned_for=self._dates.day(step.planned_for) if step.planned_for else "",
            text=step.text or "",
        )


def state_of(step: Step) -> State:
    """The state that a step led to; a plain "updated" for one that this page does not know yet."""
    return STATES.get(f"{step.state}/{step.outcome}") or STATES.get(step.state) or UNKNOWN


def _stages(now: str, seen: Set[str]) -> Iterator[str]:
    """The states before the end that are worth a place on the line."""
    ended = now not in _ALONG
    for state in (RECEIVED, "triaged", "routed", "acknowledged", "planned"):
        always = state == RECEIVED or (state in ("routed", "acknowledged") and not ended)
        if always or state == now or (state in seen and state != "triaged"):
            yield state


def _place(along: int, here: int) -> Place:
    return "present" if along == here else "past" if along < here else "ahead"
