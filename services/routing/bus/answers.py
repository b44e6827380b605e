"""What routing answers to agents' tools."""

from __future__ import annotations

from services.routing.domain import CaseFile, Refusal
from services.routing.events import SOURCE
from shared.contracts.envelope import Event
from shared.l10n import Language
from shared.messaging import Rejection, answer

_POINTERS = {"actor": "/town", "move": "/type"}


def action_accepted(request: Event, file: CaseFile) -> Event:
    """The agent's action is done; the state in which the report is now."""
    report = {"id": file.case.id, "reference": file.reference}
    return answer(SOURCE, "action.accepted.v1", request, {"report": report, "state": file.case.state})


def action_rejected(rejection: Rejection) -> Event:
    """Why an agent's action was not done, by field."""
    return answer(SOURCE, "action.rejected.v1", rejection.request, {"errors": rejection.errors})


def in_words(refusal: Refusal, language: Language) -> dict[str, str]:
    """A refusal as an entry of the answer, with the place in the request where it is wrong."""
    pointer = _POINTERS.get(refusal.field, f"/data/{refusal.field}")
    return {"pointer": pointer, "code": refusal.code, "message": refusal.message.in_language(language)}
