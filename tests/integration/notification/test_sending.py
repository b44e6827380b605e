"""From the ledger to the mail server, through real RabbitMQ, PostgreSQL and SMTP."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from services.notification import gauges
from tests.support import mails, reports
from tests.support.ground import Ground
from tests.support.system import wait_until

from .intake import Answering
from .notifier import Notifier, submitted
from .post_office import PostOffice


def test_the_citizen_gets_a_receipt(notifier: Notifier, intake: Answering, post_office: PostOffice) -> None:
    event = submitted()
    notifier.take(event)
    with intake:
        assert notifier.send(post_office.url) == 1

    (mail,) = post_office.mails
    assert mail["To"] == "ada@example.org"
    assert mail["From"] == "Ville de Gentilly <signalements@gentilly.example>"
    assert mail["Reply-To"] == "accueil@gentilly.example"
    assert mail["Subject"] == "Signalement GEN-7K3M-9QX2 bien reçu\u00a0: Nid-de-poule"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "fr"
    body = mail.get_body(("plain",))
    assert body
    assert mails.CONTACT.tracking_url in body.get_content()
    (row,) = notifier.ledger()
    assert (row["state"], row["attempts"], row["next_attempt_at"]) == ("sent", 1, None)
    assert row["sent_at"]
    assert mail["Message-ID"] == row["message_id"] == f"<{row['id']}@gentilly.example>"


def test_what_became_of_a_mail_is_told(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    post_office.recipients["ratp@example.org"] = "550 5.1.1 no such user ratp@example.org"
    event = mails.happened("report.forwarded.v1", authority="ratp")
    notifier.take(event)
    with intake:
        notifier.send(post_office.url)

    told = {each.type: each for each in notifier.told()}
    assert set(told) == {"delivery.sent.v1", "delivery.failed.v1"}
    assert told["delivery.sent.v1"].data["recipient"] == {
        "kind": "citizen",
        "id": event.data["report"]["citizen_id"],
    }
    assert told["delivery.failed.v1"].data["recipient"] == {"kind": "authority", "id": "ratp"}
    assert told["delivery.failed.v1"].data["cause"] == "smtp_550"
    for each in told.values():
        assert each.correlationid == event.correlationid
        assert each.causationid == event.id


def test_a_list_is_asked_for_at_once_and_goes_over_one_connection(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    notifier.take(*(submitted() for _ in range(20)))
    with intake:
        assert notifier.send(post_office.url) == 20

    assert [len(asked.data["recipients"]) for asked in intake.asked] == [20]
    assert post_office.connections == 1
    assert len(set(post_office.message_ids())) == 20


def test_people_are_told_in_the_order_in_which_things_happened(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    story = reports.report()
    notifier.take(
        mails.happened("report.resolved.v1", story, after=timedelta(hours=2)),
        mails.happened("report.routed.v1", story, after=timedelta(seconds=1)),
        mails.happened("report.submitted.v1", story),
    )
    with intake:
        notifier.send(post_office.url)

    assert [row["template"] for row in notifier.ledger()] == ["receipt", "routed", "resolved"]
    assert [mail["Subject"].split("\u00a0: ")[-1] for mail in post_office.mails] == [
        "Nid-de-poule",
        "confié au service «\u00a0Voirie\u00a0»",
        "traité",
    ]


def test_no_address_and_no_link_stays_behind(
    notifier: Notifier, intake: Answering, post_office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    post_office.script = ["450 4.2.0 <ada@example.org> try later", "554 5.0.0 <ada@example.org> go away"]
    post_office.recipients["bailleur@example.org"] = "550 5.1.1 <bailleur@example.org> unknown"
    notifier.take(submitted(), mails.happened("report.forwarded.v1", authority="bailleur"))
    with intake, notifier.sending(post_office.url):
        wait_until(notifier.ended)

    assert {state for _, state, _, _ in notifier.states()} == {"sent", "failed"}
    for secret in ("ada@example.org", "Martin", mails.CONTACT.tracking_url, "go away", "try later", "<html"):
        assert secret not in notifier.dump()
        assert secret not in caplog.text


def test_somebody_who_was_erased_is_not_written_to(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    gone, there = submitted(), submitted()
    intake.unknown = {gone.data["report"]["citizen_id"]}
    notifier.take(gone, there)
    with intake:
        notifier.send(post_office.url)

    assert sorted(notifier.states()) == [
        ("receipt", "failed", 1, "no_contact"),
        ("receipt", "sent", 1, None),
    ]
    assert len(post_office.mails) == 1


@pytest.mark.parametrize("willing", [True, False])
def test_an_authority_gets_the_contact_only_with_consent(
    notifier: Notifier, intake: Answering, post_office: PostOffice, willing: bool
) -> None:
    event = mails.happened("report.forwarded.v1", authority="bailleur")
    intake.unwilling = set() if willing else {event.data["report"]["citizen_id"]}
    notifier.take(event)
    with intake:
        notifier.send(post_office.url)

    assert {asked.data["purpose"] for asked in intake.asked} == {"tell_citizen", "hand_over"}
    (handover,) = [mail for mail in post_office.mails if "bailleur@example.org" in mail["To"]]
    assert ("ada@example.org" in handover.as_string()) is willing
    assert "geo:48.81371,2.34466" in handover.as_string()


def test_an_authority_without_an_address_is_a_failure_that_is_seen(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    notifier.take(mails.happened("report.forwarded.v1", authority="enedis"))
    with intake:
        notifier.send(post_office.url)

    assert ("handover", "failed", 1, "no_address") in notifier.states()


def test_an_authority_is_written_to_in_its_own_language(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    notifier.take(mails.happened("report.forwarded.v1", authority="embassy"))
    with intake:
        notifier.send(post_office.url)

    assert {r["template"]: r["language"] for r in notifier.ledger()} == {"forwarded": "fr", "handover": "en"}
    (handover,) = [mail for mail in post_office.mails if "embassy@example.org" in mail["To"]]
    assert handover["Content-Language"] == "en"
    assert handover["To"] == "The embassy <embassy@example.org>"


def test_deliveries_of_a_town_that_is_not_known_yet_wait_for_it(
    database: Callable[[str], str], ground: Ground, intake: Answering, post_office: PostOffice
) -> None:
    stranger = Notifier(database("notification"), ground.values["NOTIFICATION_AMQP_URL"], knows_town=False)
    stranger.take(submitted())
    with intake:
        stranger.send(post_office.url, away_delay=0.0)
        assert stranger.states() == [("receipt", "pending", 0, None)]
        stranger.take(mails.configured(mails.configuration()))
        stranger.send(post_office.url)

    assert stranger.states() == [("receipt", "sent", 1, None)]
    stranger.close()


def test_the_gauges_say_what_waits(notifier: Notifier) -> None:
    notifier.take(submitted(), submitted())
    notifier.run("update delivery set created_at = now() - interval '1 hour'")

    gauges.measure(notifier.pool)

    assert REGISTRY.get_sample_value("vigie_deliveries_waiting") == 2
    assert 3600 <= (REGISTRY.get_sample_value("vigie_deliveries_oldest_seconds") or 0) < 3700


def test_an_english_speaker_is_written_to_in_english(
    notifier: Notifier, intake: Answering, post_office: PostOffice
) -> None:
    notifier.take(submitted(language="en"))
    with intake:
        notifier.send(post_office.url)

    assert post_office.mails[0]["Content-Language"] == "en"
    assert post_office.mails[0]["Subject"] == "Report GEN-7K3M-9QX2 received: Pothole"
