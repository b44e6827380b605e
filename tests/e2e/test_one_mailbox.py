"""Two people write from one address: each report keeps the names and the consent under which it was sent."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from tests.e2e import counts
from tests.e2e.tool import Tool, front_end, submission
from tests.support.system import System, wait_until

AUTHORITY = "eau-seine-bievre@example.org"  # competent for leaks; answers citizens itself
ADA, SARAH = ("Ada", "Martin"), ("Sarah", "Cohen")
_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Sent:
    """One report: by whom, with which consent, and how the town calls it."""

    names: tuple[str, str]
    share: bool
    id: str
    reference: str


def _mailbox() -> str:
    """An address that nobody has yet."""
    return f"famille{next(_NUMBERS)}@example.org"


def _send(system: System, email: str, people: Sequence[tuple[tuple[str, str], bool]]) -> list[Sent]:
    made = []
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        for n, ((first, last), share) in enumerate(people):
            citizen = {"first_name": first, "last_name": last, "email": email.upper() if n % 2 else email}
            data = submission(n, category="eau/fuite", citizen=citizen, consent={"share_contact": share})
            report = tool.ask(tool.event("submission.sent.v1", data))["data"]["report"]
            made.append(Sent((first, last), share, report["id"], report["reference"]))
    return made


def _mails(system: System, sent: Sent, to: str, number: int) -> list[str]:
    """What was written to somebody about a report, once there are `number` of these mails."""

    def found() -> list[str]:
        mails = [m for m in system.ground.mailbox.mails() if sent.reference in str(m["Subject"])]
        bodies = [m.get_body(("plain",)) for m in mails if str(m["To"]).lower().endswith(to.lower())]
        return [str(body.get_content()) for body in bodies if body]

    wait_until(lambda: len(found()) >= number, 60, f"{number} mails about {sent.reference}")
    return found()


@pytest.mark.parametrize(
    "people",
    [
        [(ADA, False), (SARAH, True)],
        [(ADA, True), (SARAH, False)],
        [(SARAH, True), (ADA, True), (SARAH, False)],
        [(ADA, False), (("Adèle", "Martin"), True)],
    ],
    ids=["who agrees is second", "who agrees is first", "one changes her mind", "the same last name"],
)
def test_each_is_greeted_and_handed_over_by_their_own_names_and_consent(
    system: System, people: list[tuple[tuple[str, str], bool]]
) -> None:
    email = _mailbox()
    for sent in _send(system, email, people):
        first, last = sent.names
        for told in _mails(system, sent, email, 2):
            assert f"Bonjour {first}," in told.translate(dict.fromkeys(range(0x2066, 0x206A)))
        (handed,) = _mails(system, sent, f"<{AUTHORITY}>", 1)
        assert (f"{first} {last}" in handed, email in handed) == (sent.share, sent.share)
        others = {" ".join(names) for names, _ in people} - {f"{first} {last}"}
        assert not [name for name in others if name in handed]
    kept = "select array_agg(first_name) from citizen where email_key = %s"
    assert counts.scalar(system, "intake", kept, email) == [people[0][0][0]]


def test_a_report_of_before_names_were_kept_is_handed_over_only_where_they_are_sure(system: System) -> None:
    email = _mailbox()
    first, second, third = _send(system, email, [(ADA, True), (SARAH, True), (SARAH, True)])
    with psycopg.connect(system.values["INTAKE_DATABASE_URL"]) as conn:
        conn.execute("delete from author where report_id = any(%s)", ([first.id, second.id],))
    asked = [first, second, third]
    given = {c["report_id"]: c["first_name"] for c in _contacts(system, "hand_over", asked)}
    assert given == {first.id: "Ada", third.id: "Sarah"}
    told = {c["report_id"]: c["first_name"] for c in _contacts(system, "tell_citizen", asked)}
    assert told == {first.id: "Ada", second.id: "Ada", third.id: "Sarah"}


def _contacts(system: System, purpose: str, asked: Sequence[Sent]) -> list[dict[str, Any]]:
    """What notification is given about these reports."""
    of = "select citizen_id::text from report where id = %s"
    recipients = [{"citizen_id": counts.scalar(system, "intake", of, s.id), "report_id": s.id} for s in asked]
    with Tool(system.values["NOTIFICATION_AMQP_URL"], "gentilly", "intake", "contacts") as tool:
        answer = tool.ask(tool.event("contacts.requested.v1", {"purpose": purpose, "recipients": recipients}))
    found: list[dict[str, Any]] = answer["data"]["contacts"]
    return found
