"""Reports from the town's own pages: kept until their author confirms, then like any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg

from services.intake import inspection
from services.intake.domain.reports import WEB, FieldError, town
from services.intake.domain.submissions import Author, Submission
from services.intake.usecases.contacts import Wanted, give_contacts
from services.intake.usecases.limits import HourlyCount, Limits
from services.intake.usecases.submissions import Accepted, Outcome, Refused, Submissions
from services.intake.usecases.web_reports import Kept, WebReports, forget_late
from shared import clock, ids, towns
from shared.commands.report import words
from shared.contracts.kinds import Purpose
from shared.unit import unit_of_work
from tests.contract.examples import example
from tests.integration.intake import sent
from tests.integration.intake.photo_rows import add_photo
from tests.integration.intake.sent import LINKS, UNLIMITED

SUBMISSION = replace(sent.SUBMISSION, sender=WEB, answers={"where": "road"}, share_contact=True)


SHOWN = {"time_zone": "Europe/Paris", "history": [], "away": {}}


def _as_shown(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "kept_until": found["kept_until"].isoformat()}


def _use_case(limits: Limits | None = None) -> WebReports:
    return WebReports(Submissions(LINKS, towns.Towns(town), limits or UNLIMITED))


def _send(conn: psycopg.Connection, submission: Submission = SUBMISSION) -> Outcome | Kept:
    with unit_of_work(conn) as unit:
        return _use_case().send(unit, submission)


def _kept(conn: psycopg.Connection, submission: Submission = SUBMISSION) -> str:
    outcome = _send(conn, submission)
    assert isinstance(outcome, Kept)
    return outcome.report_id


def _confirm(conn: psycopg.Connection, report_id: str) -> str | None:
    named = LINKS.to_confirm(LINKS.confirmation("gentilly", report_id).rpartition("/")[2])
    assert named
    with unit_of_work(conn) as unit:
        return _use_case().confirm(unit, *named)


def _asks(conn: psycopg.Connection, **settings: object) -> None:
    data = example("town.configured.v1").data
    towns.keep(conn, "gentilly", {**data, "version": data["version"] + 1, **settings})


def _told(conn: psycopg.Connection) -> list[tuple[str, str]]:
    return conn.execute("select type, subject from event order by id").fetchall()


def _count(conn: psycopg.Connection, table: str) -> int:
    row = conn.execute(f"select count(*) from {table}".encode()).fetchone()
    assert row
    return int(row[0])


def test_a_first_report_waits_and_is_told_once_however_often_it_is_confirmed(
    conn: psycopg.Connection,
) -> None:
    report_id = _kept(conn)
    waits = ("report.kept.v1", report_id)
    assert (_told(conn), _count(conn, "report"), _count(conn, "citizen")) == ([waits], 0, 0)
    first, again = _confirm(conn, report_id), _confirm(conn, report_id)
    assert first == again
    assert _told(conn) == [waits, ("report.submitted.v1", report_id)]
    assert _count(conn, "kept") == 0


def test_a_confirmed_report_is_what_was_sent(conn: psycopg.Connection) -> None:
    _confirm(conn, _kept(conn))
    assert isinstance(_send(conn), Accepted)
    kept, direct = conn.execute(
        "select body->>'correlationid', (body->'data')::jsonb #- '{report,id}' #- '{report,reference}'"
        " #- '{report,submitted_at}' from event where type = 'report.submitted.v1' order by id"
    ).fetchall()
    assert kept == direct
    assert conn.execute("select distinct share_contact from report").fetchall() == [(True,)]


def test_a_confirmed_address_is_known_however_it_is_written(conn: psycopg.Connection) -> None:
    _confirm(conn, _kept(conn))
    assert isinstance(_send(conn, replace(SUBMISSION, author=Author("A", "M", "ADA@example.org"))), Accepted)
    assert isinstance(_send(conn, replace(SUBMISSION, author=Author("A", "M", "bob@example.org"))), Kept)


def test_an_address_that_a_front_end_gave_is_not_confirmed_by_that(conn: psycopg.Connection) -> None:
    with unit_of_work(conn) as unit:
        (outcome,) = _use_case().submissions.submit(unit, [replace(SUBMISSION, sender="front-gentilly")])
    assert isinstance(outcome, Accepted)
    _kept(conn)


def test_the_town_says_whether_a_report_waits(conn: psycopg.Connection) -> None:
    _confirm(conn, _kept(conn))
    _asks(conn, confirmation="always", confirmation_days=3)
    outcome = _send(conn)
    assert isinstance(outcome, Kept)
    assert timedelta(days=2) < outcome.kept_until - clock.now() <= timedelta(days=3)


def test_a_town_that_never_asks_takes_everything_at_once(conn: psycopg.Connection) -> None:
    _asks(conn, confirmation="never")
    assert isinstance(_send(conn), Accepted)


def test_what_is_wrong_is_refused_and_not_kept(conn: psycopg.Connection) -> None:
    outcome = _send(conn, replace(SUBMISSION, category="voirie/none", photos=(ids.new_id(),)))
    assert isinstance(outcome, Refused)
    assert {error.pointer for error in outcome.errors} == {"/data/category", "/data/photos/0"}
    assert _count(conn, "kept") == 0


def test_kept_reports_count_for_the_limits(conn: psycopg.Connection) -> None:
    use_case = _use_case(Limits(HourlyCount(0), HourlyCount(1)))
    with unit_of_work(conn) as unit:
        assert isinstance(use_case.send(unit, SUBMISSION), Kept)
        refused = use_case.send(unit, SUBMISSION)
    assert refused == Refused((FieldError("/data/citizen/email", "too_often:60"),))


def test_a_report_that_nobody_confirms_goes_with_its_photos(conn: psycopg.Connection) -> None:
    photo = add_photo(conn, WEB)
    report_id = _kept(conn, replace(SUBMISSION, photos=(photo,)))
    waiting = _kept(conn)
    assert isinstance(_send(conn, replace(SUBMISSION, photos=(photo,))), Refused)
    conn.execute("update kept set kept_until = now() where id = %s", [report_id])
    assert _confirm(conn, report_id) is None
    assert (forget_late(conn), forget_late(conn)) == (1, 0)
    assert conn.execute("select id::text from kept").fetchall() == [(waiting,)]
    assert (_count(conn, "photo"), _count(conn, "photo_removal")) == (0, 1)


def test_a_confirmed_report_has_its_photos(conn: psycopg.Connection) -> None:
    photo = add_photo(conn, WEB)
    report_id = _kept(conn, replace(SUBMISSION, photos=(photo,)))
    _confirm(conn, report_id)
    assert conn.execute("select report_id::text from photo").fetchall() == [(report_id,)]


def test_what_is_told_of_a_kept_report_is_not_what_it_says(conn: psycopg.Connection) -> None:
    _kept(conn)
    (body,) = conn.execute("select body::text from event").fetchone() or ("",)
    for said in ("Trou devant", "Frérot", "48.813", "Ada", "Martin", "ada@example.org"):
        assert said not in body


def test_the_address_is_given_for_the_confirmation_alone_and_only_while_it_waits(
    conn: psycopg.Connection,
) -> None:
    report_id = _kept(conn)
    row = conn.execute("select citizen_id::text from kept").fetchone()
    assert row
    wanted = [Wanted(row[0], report_id)]

    def given(purpose: Purpose) -> list[tuple[str, str | None]]:
        with unit_of_work(conn) as unit:
            contacts = give_contacts(unit, LINKS, "vigie-notification", "gentilly", purpose, wanted)
        return [(contact.email, contact.confirmation_url) for contact in contacts]

    assert given("confirm_report") == [("ada@example.org", LINKS.confirmation("gentilly", report_id))]
    assert given("tell_citizen") == given("hand_over") == []
    _confirm(conn, report_id)
    assert given("confirm_report") == []


def test_a_link_opens_nothing_else() -> None:
    tracking = LINKS.tracking("gentilly", ids.new_id()).rpartition("/")[2]
    assert LINKS.to_confirm(tracking) is None


def test_operator_sees_that_a_report_waits_and_not_whose_it_is(conn: psycopg.Connection) -> None:
    report_id = _kept(conn)
    found = inspection.collect(conn, {"reference": report_id})
    assert (found["state"], found["id"], found["category"]) == ("kept", report_id, SUBMISSION.category)
    assert inspection.collect(conn, {"reference": found["reference"]}) == found
    assert "Ada" not in str(found)
    assert "kept_until" in found
    assert any(line.split()[:1] == ["jusqu’au"] for line in words.of({**SHOWN, **_as_shown(found)}, "fr"))
    _confirm(conn, report_id)
    assert inspection.collect(conn, {"reference": report_id})["state"] == "submitted"
