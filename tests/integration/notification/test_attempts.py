"""A mail that does not go at once: tried again, waited for, given up; and by several senders, once each."""

from __future__ import annotations

import threading

import psycopg
from prometheus_client import REGISTRY
from psycopg import sql

from tests.support import mails
from tests.support.system import wait_until

from .intake import Answering
from .notifier import Notifier, submitted
from .post_office import PostOffice


def resent() -> float:
    return REGISTRY.get_sample_value("vigie_deliveries_resent_total") or 0.0


def test_a_refusal_for_now_is_tried_again_under_the_same_message_id(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    post_office.script = ["451 4.3.0 busy", "451 4.3.0 busy"]
    notifier.take(submitted())
    before = resent()
    with intake, notifier.sending(post_office.url):
        wait_until(notifier.ended)

    assert notifier.states() == [("receipt", "sent", 3, None)]
    assert len(post_office.mails) == 1
    assert resent() == before


def test_a_refused_mail_waits_longer_each_time(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    post_office.script = ["451 4.3.0 busy"]
    notifier.take(submitted())
    with intake:
        notifier.send(post_office.url, delays=(30.0, 120.0))
        assert notifier.send(post_office.url) == 0

    (row,) = notifier.rows("select state, cause, attempts, next_attempt_at - now() as wait from delivery")
    assert (row["state"], row["cause"], row["attempts"]) == ("pending", "smtp_451", 1)
    assert 25 < row["wait"].total_seconds() <= 30


def test_attempts_end(notifier: Notifier, intake: Answering, post_office: PostOffice) -> None:
    post_office.script = ["451 4.3.0 busy"] * 5
    notifier.take(submitted())
    with intake, notifier.sending(post_office.url, most_attempts=3):
        wait_until(notifier.ended)

    assert notifier.states() == [("receipt", "failed", 3, "gave_up_smtp_451")]
    assert len(post_office.script) == 2


def test_a_mail_whose_outcome_is_never_noted_fails_in_the_end(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    notifier.take(submitted())
    notifier.run("update delivery set state = 'sending', attempts = 3")
    with intake:
        notifier.send(post_office.url, most_attempts=3)

    assert notifier.states() == [("receipt", "failed", 4, "gave_up_unknown")]
    assert [event.type for event in notifier.told()] == ["delivery.failed.v1"]
    assert not post_office.mails


def test_a_late_outcome_does_not_undo_that_of_a_later_attempt(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    """A sender is refused after its claim has ended, while the next one is sending."""
    notifier.take(submitted())

    def other_begins(_mail: object) -> None:
        notifier.run(
            "update delivery set attempts = attempts + 1, next_attempt_at = now() + interval '1 hour'"
        )

    post_office.on_mail = other_begins
    with intake:
        notifier.send(post_office.url)

    assert notifier.states() == [("receipt", "sending", 2, None)]
    assert not notifier.told()


def test_a_refusal_for_good_is_not_tried_again(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    post_office.recipients["ada@example.org"] = "550 5.1.1 no such user"
    notifier.take(submitted(), submitted())
    with intake:
        assert notifier.send(post_office.url) == 2
        assert notifier.send(post_office.url) == 0

    assert notifier.states() == [("receipt", "failed", 1, "smtp_550")] * 2
    assert post_office.connections == 1


def test_a_mail_that_was_taken_without_a_word_is_sent_again_under_the_same_id_and_counted(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    post_office.script = [PostOffice.DROP]
    notifier.take(submitted(), submitted())
    before = resent()
    with intake, notifier.sending(post_office.url):
        wait_until(notifier.ended)

    assert sorted(attempts for _, _, attempts, _ in notifier.states()) == [1, 2]
    assert len(post_office.mails) == 3
    assert len(set(post_office.message_ids())) == 2
    assert resent() == before + 1


def test_while_the_mail_server_is_away_deliveries_wait_and_nothing_is_counted(
    notifier: Notifier, intake: Answering
) -> None:
    office = PostOffice()
    notifier.take(submitted())
    with intake, notifier.sending(office.url):
        wait_until(lambda: len(intake.asked) > 2)
        assert notifier.states() == [("receipt", "pending", 0, None)]
        with office:
            wait_until(notifier.ended)

    assert notifier.states() == [("receipt", "sent", 1, None)]


def test_while_intake_is_away_deliveries_wait_and_nothing_is_counted(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    notifier.take(submitted())
    before = REGISTRY.get_sample_value("vigie_delivery_waits_total", {"for": "intake"}) or 0.0

    def waits() -> float:
        return REGISTRY.get_sample_value("vigie_delivery_waits_total", {"for": "intake"}) or 0.0

    with notifier.sending(post_office.url, contacts_timeout=0.2):
        wait_until(lambda: waits() >= before + 2)
        assert notifier.states() == [("receipt", "pending", 0, None)]
        assert post_office.mails == []
        with intake:
            wait_until(notifier.ended)

    assert notifier.states() == [("receipt", "sent", 1, None)]


def test_an_authority_that_needs_no_contact_is_told_while_intake_is_away(
    notifier: Notifier, post_office: PostOffice
) -> None:
    notifier.take(mails.happened("report.forwarded.v1", authority="ratp"))

    notifier.send(post_office.url, contacts_timeout=0.2)

    assert notifier.states() == [("forwarded", "pending", 0, None), ("handover", "sent", 1, None)]
    assert [mail["To"] for mail in post_office.mails] == ["RATP <ratp@example.org>"]


def test_senders_that_work_at_once_send_each_mail_once(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    notifier.take(*(submitted() for _ in range(60)))
    with (
        intake,
        notifier.sending(post_office.url, list_size=7),
        notifier.sending(post_office.url, list_size=7),
    ):
        wait_until(notifier.ended, 60)

    assert len(post_office.mails) == 60
    assert len(set(post_office.message_ids())) == 60
    assert {attempts for _, _, attempts, _ in notifier.states()} == {1}
    assert len(notifier.told()) == 60


def test_a_sender_whose_claim_has_ended_leaves_the_mail_to_the_next(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    """One sender sleeps on its list until its claim is over; another has sent it by then."""
    notifier.take(submitted(), submitted())
    slept = threading.Event()

    def oversleep(_mail: object) -> None:
        post_office.on_mail = lambda mail: None
        wait_until(lambda: notifier.rows("select 1 from delivery where next_attempt_at < now()"))
        notifier.send(post_office.url)
        slept.set()

    post_office.on_mail = oversleep
    with intake:
        notifier.send(post_office.url, claim=1.0, sending_claim=1.0)

    assert slept.is_set()
    assert notifier.ended()
    by_id = {id_: post_office.message_ids().count(id_) for id_ in post_office.message_ids()}
    assert len(by_id) == 2
    assert max(by_id.values()) <= 2
    assert len(notifier.told()) == 2


def test_told_to_stop_it_gives_back_what_it_has_not_sent(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    notifier.take(*(submitted() for _ in range(5)))
    stop = threading.Event()
    post_office.on_mail = lambda mail: stop.set()
    with intake:
        sender = notifier.sender(post_office.url)
        sender.send_list(stop.is_set)
        sender.close()
        assert sorted(state for _, state, _, _ in notifier.states()) == ["pending"] * 4 + ["sent"]
        assert notifier.send(post_office.url) == 4

    assert len(set(post_office.message_ids())) == 5


def test_a_database_that_is_away_for_a_moment_costs_no_second_mail(
    notifier: Notifier, intake: Answering, post_office: PostOffice, connection_values: dict[str, str]
) -> None:
    """It goes away between sending and noting, and comes back a second later."""
    notifier.take(submitted())
    admin = connection_values["ADMIN_DATABASE_URL"]
    back = threading.Timer(1, allow_connections, (admin, notifier.name, True))

    def cut(_mail: object) -> None:
        allow_connections(admin, notifier.name, False)
        back.start()

    post_office.on_mail = cut
    with intake:
        notifier.send(post_office.url)
    back.join()

    assert notifier.states() == [("receipt", "sent", 1, None)]
    assert len(post_office.mails) == 1


def allow_connections(admin: str, name: str, allowed: bool) -> None:
    with psycopg.connect(admin, autocommit=True) as conn:
        database = sql.Identifier(name)
        conn.execute(sql.SQL("alter database {} allow_connections {}").format(database, sql.Literal(allowed)))
        if not allowed:
            conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
