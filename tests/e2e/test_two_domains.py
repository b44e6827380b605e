"""straße.example.org is not strasse.example.org: two people, each told at their own address."""

from __future__ import annotations

import json
import unicodedata
from importlib.resources import files
from typing import Any

import psycopg

from tests.e2e import counts
from tests.e2e.tool import front_end, submission
from tests.support.system import System, wait_until

_PERSON = {"first_name": "Béa", "last_name": "Dubois"}


def _send(system: System, *emails: str) -> list[dict[str, Any]]:
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        return [
            tool.ask(tool.event("submission.sent.v1", submission(1, citizen={**_PERSON, "email": email})))[
                "data"
            ]["report"]
            for email in emails
        ]


def _citizens(system: System, reports: list[dict[str, Any]]) -> list[str]:
    who = "select citizen_id::text from report where id = %s"
    return [counts.scalar(system, "intake", who, report["id"]) for report in reports]


def _told(system: System, report: dict[str, Any]) -> set[str]:
    """To whom the mails about a report went, once its receipt is there."""

    def found() -> set[str]:
        mails = [m for m in system.ground.mailbox.mails() if report["reference"] in str(m["Subject"])]
        return {str(m["To"]) for m in mails}

    return wait_until(found, 60, f"a mail about {report['reference']}")


def test_each_is_told_at_the_domain_that_they_wrote(system: System) -> None:
    reports = _send(system, "bea@straße.example.org", "bea@strasse.example.org", "ada@faß.example")
    assert len(set(_citizens(system, reports))) == 3
    assert [_told(system, report) for report in reports] == [
        {"bea@xn--strae-oqa.example.org"},
        {"bea@strasse.example.org"},
        {"ada@xn--fa-hia.example"},
    ]


def test_one_domain_is_one_person_however_it_is_spelt(system: System) -> None:
    domain = "privé.example.org"
    spelt = (domain, unicodedata.normalize("NFD", domain), domain.upper(), "xn--priv-epa.example.org")
    assert len(set(_citizens(system, _send(system, *(f"zoe@{each}" for each in spelt))))) == 1


def test_rows_of_the_first_release_are_neither_merged_nor_lost_and_are_listed(system: System) -> None:
    reports = _send(system, "cleo@große.example.org", "cleo@große.example.org", "max@öl.example.org")
    cleo, _, oil = _citizens(system, reports)
    before = counts.scalar(system, "intake", "select count(*) from citizen")
    _as_the_first_release_left_it(system, {cleo: "cleo@grosse.example.org", oil: "max@öl.example.org"})
    again = _citizens(
        system, _send(system, "cleo@grosse.example.org", "cleo@große.example.org", "max@öl.example.org")
    )
    assert again[1:] == [cleo, oil]
    assert again[0] not in (cleo, oil)
    assert counts.scalar(system, "intake", "select count(*) from citizen") == before + 1
    listed = {row["citizen_id"]: row for row in json.loads(system.vigie("citizen", "merged", "--json"))}
    assert listed[cleo]["mailed_to"] == "grosse.example.org"
    assert listed[cleo]["doubtful"] == 1
    assert set(listed[cleo]["references"]) >= {report["reference"] for report in reports[:2]}
    assert oil not in listed
    assert again[0] not in listed
    assert cleo in system.vigie("citizen", "merged", "gentilly")
    assert "cleo@" not in system.vigie("citizen", "merged", "--possible")


def _as_the_first_release_left_it(system: System, keys: dict[str, str]) -> None:
    """With the folded key and without names by report; then brought up to date."""
    migration = files("services.intake.store").joinpath("migrations/0004_pre_address_keys.sql").read_text()
    with psycopg.connect(system.values["INTAKE_DATABASE_URL"]) as conn:
        for citizen, key in keys.items():
            conn.execute("update citizen set email_key = %s where id = %s", (key, citizen))
            conn.execute(
                "delete from author where report_id in (select id from report where citizen_id = %s)",
                (citizen,),
            )
        conn.execute(migration.partition("create index")[0].encode())
