"""What intake answers over the bus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from services.intake.events import SOURCE
from services.intake.usecases.contacts import Contact
from services.intake.usecases.submissions import Accepted
from shared.contracts.envelope import Event
from shared.messaging import Errors, Rejection, answer


def submission_accepted(request: Event, accepted: Accepted, warnings: Errors) -> Event:
    """The receipt: what the report is called, where its author can follow it, and what decides nothing."""
    report = accepted.report
    named = {"id": report.id, "reference": report.reference, "tracking_url": accepted.tracking_url}
    data = {"report": named, **({"warnings": warnings} if warnings else {})}
    return answer(SOURCE, "submission.accepted.v1", request, data)


def submission_rejected(rejection: Rejection) -> Event:
    """Why a submission was not taken, by field, in the sender's language."""
    return answer(SOURCE, "submission.rejected.v1", rejection.request, {"errors": rejection.errors})


def contacts_given(request: Event, contacts: Sequence[Contact]) -> Event:
    """The addresses that notification asked for, those that it may have."""
    return answer(SOURCE, "contacts.given.v1", request, {"contacts": [asdict(c) for c in contacts]})
