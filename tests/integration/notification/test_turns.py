"""Towns take turns: a backlog of one does not hold up the mails of another."""

from __future__ import annotations

from typing import Any

import pytest

from services.notification.store.repository import QUERIES
from tests.support import mails

from .intake import Answering
from .notifier import Notifier
from .post_office import PostOffice

BACKLOG = 3000
_COPY = """
  insert into delivery (town, report_id, reference, recipient_kind, recipient_id, channel, template,
                        template_version, language, data, id, event_id, state, next_attempt_at)
  select town, report_id, reference, recipient_kind, recipient_id, channel, template,
         template_version, language, data, gen_random_uuid(), gen_random_uuid(), %s,
         now() - n * %s::interval
    from delivery, generate_series(1, %s) n where town = %s"""


def receipts(notifier: Notifier, town: str, n: int = 1) -> None:
    """Have `n` receipts of a town that notification knows wait for longer than all others."""
    notifier.take(mails.configured(mails.configuration(slug=town), town))
    notifier.take(mails.happened("report.submitted.v1", town=town))
    notifier.run(_COPY, "pending", "1 ms", n - 1, town)


def sent(notifier: Notifier) -> dict[str, int]:
    """How many mails of each town have been sent."""
    found = notifier.rows("select town, count(*) as n from delivery where state = 'sent' group by town")
    return {row["town"]: row["n"] for row in found}


@pytest.fixture
def backlog(notifier: Notifier) -> Notifier:
    """Notification with thousands of mails of one town to send."""
    receipts(notifier, "gentilly", BACKLOG)
    return notifier


def test_a_mail_of_another_town_goes_with_the_next_list(
    backlog: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    receipts(backlog, "arcueil")
    with intake:
        assert backlog.send(post_office.url, list_size=10) == 10

    assert sent(backlog) == {"gentilly": 9, "arcueil": 1}


def test_a_mail_that_comes_while_a_backlog_is_sent_goes_with_the_next_list(
    backlog: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    def comes(_mail: object) -> None:
        if len(post_office.mails) == 25:  # in the third list
            receipts(backlog, "arcueil")

    post_office.on_mail = comes
    with intake, backlog.lists(post_office.url, list_size=10) as send:
        for _ in range(4):
            assert send() == 10

    assert sent(backlog) == {"gentilly": 39, "arcueil": 1}
    assert {asked.town for asked in intake.asked[:3]} == {"gentilly"}


def test_backlogs_share_a_list_evenly_and_what_one_leaves_the_other_takes(
    backlog: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    receipts(backlog, "arcueil", 8)
    with intake, backlog.lists(post_office.url, list_size=10) as send:
        send()
        assert sent(backlog) == {"gentilly": 5, "arcueil": 5}
        send()

    assert sent(backlog) == {"gentilly": 12, "arcueil": 8}


def test_of_more_towns_than_a_list_has_places_none_is_left_out(
    backlog: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    towns = ["arcueil", "bagneux", "cachan", "fresnes", "gentilly", "ivry", "villejuif"]
    for town in set(towns) - {"gentilly"}:
        receipts(backlog, town, 4)
    with intake, backlog.lists(post_office.url, list_size=3) as send:
        for _ in range(7):
            send()

    assert sent(backlog) == dict.fromkeys(towns, 3)


def test_a_town_that_is_not_known_yet_holds_up_no_other(
    backlog: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    receipts(backlog, "arcueil", 10)
    backlog.run("delete from town where town = 'gentilly'")
    with intake, backlog.lists(post_office.url, list_size=10) as send:
        send()
        send()

    assert sent(backlog) == {"arcueil": 10}


def test_within_a_town_what_has_waited_for_longest_goes_first(
    backlog: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    receipts(backlog, "arcueil", 50)
    oldest = """select id from (select id, rank() over (partition by town order by next_attempt_at) as place
                                  from delivery) d where place <= 5"""
    expected = {row["id"] for row in backlog.rows(oldest)}
    with intake:
        backlog.send(post_office.url, list_size=10)

    assert {row["id"] for row in backlog.rows("select id from delivery where state = 'sent'")} == expected


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("deliveries_due", {"limit": 50}),
        ("deliveries_claim", {"town": "gentilly", "limit": 50, "claim": 20.0}),
        ("deliveries_waiting", {}),
    ],
)
def test_what_is_due_is_found_by_its_index_however_much_is_done_or_waits(
    backlog: Notifier, statement: str, values: dict[str, Any]
) -> None:
    backlog.run(_COPY, "sent", None, 10, "gentilly")
    backlog.run("analyze delivery")
    with backlog.pool.connection() as conn:
        plan = str(conn.execute(b"explain " + QUERIES[statement].encode(), values).fetchall())

    assert "delivery_due_by_town" in plan
    assert "Seq Scan on delivery" not in plan
