"""Drafts of the town's own form: sent once, nobody else's, and not kept for long."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest

from services.intake.domain.drafts import Draft, SentDraft
from services.intake.domain.reports import FieldError, town
from services.intake.domain.submissions import Author, Place
from services.intake.usecases.drafts import Drafts, forget_untouched
from services.intake.usecases.submissions import Refused, Submissions
from services.intake.usecases.web_reports import WebReports
from shared import towns
from shared.unit import unit_of_work
from tests.contract.examples import example
from tests.integration.intake.photo_rows import add_photo
from tests.integration.intake.sent import LINKS, UNLIMITED

USE_CASE = Drafts(WebReports(Submissions(LINKS, towns.Towns(town), UNLIMITED)))


@pytest.fixture
def url(database: Callable[[str], str]) -> str:
    """A database of intake that knows the town of the contract's example."""
    made = database("intake")
    with psycopg.connect(made) as conn:
        towns.keep(conn, "gentilly", example("town.configured.v1").data)
    return made


@pytest.fixture
def conn(url: str) -> Iterator[psycopg.Connection]:
    """A connection there."""
    with psycopg.connect(url, autocommit=True) as own:
        yield own


def _written(conn: psycopg.Connection, **parts: object) -> Draft:
    with unit_of_work(conn) as unit:
        begun = USE_CASE.begin(unit, "gentilly", "problem", "fr")
        whole = replace(
            begun,
            category="voirie/nid-de-poule",
            description="Trou devant l'école",
            place=Place(address="12 rue Charles-Frérot"),
            has_details=True,
            author=Author("Ada", "Martin", "ada@example.org"),
        )
        saved = USE_CASE.save(unit, replace(whole, **parts))  # type: ignore[arg-type]
    assert isinstance(saved, Draft)
    return saved


def _send(conn: psycopg.Connection, draft: Draft) -> Draft | SentDraft | Refused | None:
    with unit_of_work(conn) as unit:
        return USE_CASE.send(unit, draft.town, draft.id)


def _count(conn: psycopg.Connection, table: str) -> int:
    row = conn.execute(f"select count(*) from {table}".encode()).fetchone()
    assert row
    return int(row[0])


def test_what_was_written_comes_back(conn: psycopg.Connection) -> None:
    draft = _written(conn, answers={"where": "road"}, place=Place(48.8, 2.3), share_contact=True)
    assert USE_CASE.read(conn, "gentilly", draft.id) == draft
    assert USE_CASE.read(conn, "elsewhere", draft.id) is None


def test_two_presses_at_the_same_moment_are_one_report(url: str, conn: psycopg.Connection) -> None:
    draft = _written(conn)
    sent: list[object] = []

    def press() -> None:
        with psycopg.connect(url, autocommit=True) as own:
            sent.append(_send(own, draft))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == 4
    assert len(set(sent)) == 1
    assert _count(conn, "kept") == 1


def test_nothing_of_what_was_written_stays_in_a_draft_that_is_sent(conn: psycopg.Connection) -> None:
    _send(conn, _written(conn))
    (content,) = conn.execute("select content::text from draft").fetchone() or ("",)
    for words in ("Trou", "Frérot", "Ada", "Martin", "example.org"):
        assert words not in content


def test_what_is_incomplete_is_not_sent(conn: psycopg.Connection) -> None:
    draft = _written(conn, author=None)
    assert _send(conn, draft) == draft
    assert _count(conn, "kept") == 0


def test_a_refused_draft_can_be_mended_and_sent(conn: psycopg.Connection) -> None:
    draft = _written(conn, category="voirie/gone")
    refused = _send(conn, draft)
    assert isinstance(refused, Refused)
    assert [error.pointer for error in refused.errors] == ["/data/category"]
    with unit_of_work(conn) as unit:
        USE_CASE.save(unit, replace(draft, category="voirie/nid-de-poule"))
    assert isinstance(_send(conn, draft), SentDraft)


def test_what_was_sent_is_not_changed_any_more(conn: psycopg.Connection) -> None:
    draft = _written(conn)
    sent = _send(conn, draft)
    with unit_of_work(conn) as unit:
        assert USE_CASE.save(unit, replace(draft, description="Other words")) == sent


def test_a_draft_can_name_its_own_photos_alone(conn: psycopg.Connection) -> None:
    draft, other = _written(conn), _written(conn)
    own, others = add_photo(conn, draft.photos_of), add_photo(conn, other.photos_of)
    with unit_of_work(conn) as unit:
        USE_CASE.save(unit, replace(draft, photos=(own, others)))
    assert _send(conn, draft) == Refused((FieldError("/data/photos/1", "unknown_photo"),))
    with unit_of_work(conn) as unit:
        USE_CASE.save(unit, replace(draft, photos=(own,)))
    assert isinstance(_send(conn, draft), SentDraft)


def test_a_draft_is_kept_for_a_day_after_the_last_change(conn: psycopg.Connection) -> None:
    old, new = _written(conn), _written(conn)
    conn.execute("update draft set changed_at = now() - interval '25 hours' where id = %s", [old.id])
    assert (forget_untouched(conn), forget_untouched(conn)) == (1, 0)
    assert USE_CASE.read(conn, "gentilly", old.id) is None
    assert USE_CASE.read(conn, "gentilly", new.id) == new
