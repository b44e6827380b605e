"""Every mail as HTML, by name: `receipt`, `resolved-done`."""

from __future__ import annotations

from typing import Any

from services.notification import domain
from services.notification.mail import rendering, wording
from shared.contracts.states import DECLINED, RESOLVED
from tests.support import mails

_OUTCOMES = {"report.resolved.v1": RESOLVED, "report.declined.v1": DECLINED}
_DUE = {"acknowledge_by": "2026-11-25T16:30:00Z", "resolve_by": "2026-11-27T23:00:00Z"}
_TEXT = "Rebouché ce matin par l’équipe de secteur.\nMerci de votre aide."

# Name → fact, notice, outcome.
MAILS: dict[str, tuple[str, domain.Notice, str]] = {
    f"{notice.template}-{outcome}".rstrip("-"): (fact, notice, outcome)
    for fact, notices in domain.NOTICES.items()
    for notice in notices
    for outcome in _OUTCOMES.get(fact, ("",))
}


def mail(name: str, language: str) -> str:
    """The mail; those to authorities in another town's colours."""
    fact, notice, outcome = MAILS[name]
    may_have = {"outcome": outcome, "clocks": _DUE, "text": _TEXT}
    more: dict[str, Any] = {key: may_have[key] for key in notice.details if may_have.get(key)}
    links = [{"kind": "contact", "url": "https://ville.example/contact"}]
    town = mails.town(look={"colour": "#7a1f3d"} if notice.recipient == "authority" else None, links=links)
    delivery = mails.delivery(notice, mails.happened(fact, **more), language)
    variables = wording.variables(delivery, town, mails.CONTACT, language)
    return rendering.render(notice.template, language, variables).html
