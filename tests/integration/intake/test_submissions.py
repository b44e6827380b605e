"""Submitting without a broker: the use case on a plain unit of work, as any door calls it."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from services.intake.domain.reports import FieldError, town
from services.intake.domain.submissions import Submission
from services.intake.usecases.submissions import Accepted, Outcome, Refused, Submissions
from shared import towns
from shared.unit import unit_of_work
from tests.integration.intake.photo_rows import add_photo
from tests.integration.intake.sent import FRONT_END, LINKS, SUBMISSION, UNLIMITED


def _submit(conn: psycopg.Connection, *submissions: Submission) -> list[Outcome]:
    use_case = Submissions(LINKS, towns.Towns(town), UNLIMITED)
    with unit_of_work(conn) as unit:
        return use_case.submit(unit, submissions)


def _photo(conn: psycopg.Connection, owner: str = FRONT_END) -> str:
    return add_photo(conn, owner)


def _reports_of(conn: psycopg.Connection, photos: list[str]) -> list[str | None]:
    found = conn.execute("select id::text, report_id::text from photo").fetchall()
    report_of: dict[str, str | None] = dict(found)
    return [report_of[photo] for photo in photos]


def test_a_submission_is_stored_and_published(conn: psycopg.Connection) -> None:
    (outcome,) = _submit(conn, SUBMISSION)
    assert isinstance(outcome, Accepted)
    published = conn.execute("select type, subject, body->>'correlationid' from event").fetchall()
    assert published == [("report.submitted.v1", outcome.report.id, SUBMISSION.cause.correlationid)]
    assert outcome.tracking_url.startswith("https://vigie.example/suivi/")


def test_what_became_of_each_comes_in_the_order_of_the_submissions(conn: psycopg.Connection) -> None:
    wrong = replace(SUBMISSION, category="voirie/licorne")
    outcomes = _submit(conn, wrong, SUBMISSION, wrong, SUBMISSION)
    assert [type(outcome) for outcome in outcomes] == [Refused, Accepted, Refused, Accepted]


def test_one_author_of_two_submissions_is_one_person(conn: psycopg.Connection) -> None:
    one, other = _submit(conn, SUBMISSION, replace(SUBMISSION, description="Encore un"))
    assert isinstance(one, Accepted)
    assert isinstance(other, Accepted)
    assert one.report.citizen_id == other.report.citizen_id


def test_photos_of_a_batch_go_to_their_reports(conn: psycopg.Connection) -> None:
    photos = [_photo(conn) for _ in range(3)]
    one = replace(SUBMISSION, photos=(photos[0], photos[1], photos[0]))
    outcomes = _submit(conn, one, replace(SUBMISSION, photos=(photos[2],)))
    first, second = (outcome.report.id for outcome in outcomes if isinstance(outcome, Accepted))
    assert _reports_of(conn, photos) == [first, first, second]


def test_a_photo_belongs_to_the_first_that_names_it_and_is_taken(conn: psycopg.Connection) -> None:
    photo = _photo(conn)
    refused = replace(SUBMISSION, photos=(photo,), category="voirie/licorne")
    taken, late = replace(SUBMISSION, photos=(photo,)), replace(SUBMISSION, photos=(photo,))
    outcomes = _submit(conn, refused, taken, late)
    assert outcomes[2] == Refused((FieldError("/data/photos/0", "unknown_photo"),))
    assert isinstance(outcomes[1], Accepted)
    assert _reports_of(conn, [photo]) == [outcomes[1].report.id]


@pytest.mark.parametrize("other_fault", [True, False])
def test_a_refused_submission_takes_no_photo(conn: psycopg.Connection, other_fault: bool) -> None:
    own, anothers = _photo(conn), _photo(conn, "kiosk")
    wrong = replace(SUBMISSION, photos=(own, anothers, "x"))
    (outcome,) = _submit(conn, replace(wrong, kind="praise") if other_fault else wrong)
    assert isinstance(outcome, Refused)
    unknown = [e.pointer for e in outcome.errors if e.code == "unknown_photo"]
    assert unknown == ["/data/photos/1", "/data/photos/2"]
    assert _reports_of(conn, [own, anothers]) == [None, None]


def test_a_person_is_never_shown(conn: psycopg.Connection) -> None:
    (outcome,) = _submit(conn, SUBMISSION)
    assert "Martin" not in repr(outcome)
    assert "example.org" not in repr(outcome)
