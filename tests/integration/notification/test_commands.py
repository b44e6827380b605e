"""`vigie delivery`: what could not be sent, and sending it again."""

from __future__ import annotations

import json
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from services.notification import commands
from tests.support import mails

from .intake import Answering
from .notifier import Notifier
from .post_office import PostOffice


def vigie(notifier: Notifier, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setenv("NOTIFICATION_DATABASE_URL", notifier.url)
    cli = click.Group("vigie")
    commands.register(cli)
    return CliRunner().invoke(cli, arguments)


def listed(notifier: Notifier, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    result = vigie(notifier, monkeypatch, "delivery", "list", "--json")
    assert result.exit_code == 0, result.output
    rows: list[dict[str, Any]] = json.loads(result.output)
    return rows


def test_a_failed_mail_is_listed_and_sent_again(
    notifier: Notifier, intake: Answering, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_office.recipients["ada@example.org"] = "550 5.1.1 no such user"
    notifier.take(mails.happened("report.submitted.v1"))
    with intake:
        notifier.send(post_office.url)
        (failed,) = listed(notifier, monkeypatch)
        post_office.recipients.clear()
        again = vigie(notifier, monkeypatch, "delivery", "again", failed["id"])
        notifier.send(post_office.url)

    assert again.exit_code == 0, again.output
    assert (failed["state"], failed["cause"], failed["attempts"]) == ("failed", "smtp_550", 1)
    assert notifier.states() == [("receipt", "sent", 2, None)]
    assert post_office.message_ids() == [f"<{failed['id']}@gentilly.example>"]
    assert listed(notifier, monkeypatch) == []


def test_what_waits_for_long_is_listed_in_words(notifier: Notifier, monkeypatch: pytest.MonkeyPatch) -> None:
    notifier.take(mails.happened("report.submitted.v1"), mails.happened("report.routed.v1"))
    notifier.run("update delivery set created_at = now() - interval '1 hour' where template = 'receipt'")

    line, number = vigie(notifier, monkeypatch, "delivery", "list").output.splitlines()

    assert number == "1 unsent"
    assert "receipt" in line
    assert "to citizen after 0 attempts: waiting" in line


def test_where_nothing_waits_that_is_said(notifier: Notifier, monkeypatch: pytest.MonkeyPatch) -> None:
    assert vigie(notifier, monkeypatch, "delivery", "list").output == "0 unsent\n"


@pytest.mark.parametrize("unknown", ["019ab0f2-6000-7000-8000-000000000014", "nonsense"])
def test_a_mail_that_did_not_fail_is_not_sent_again(
    notifier: Notifier, monkeypatch: pytest.MonkeyPatch, unknown: str
) -> None:
    result = vigie(notifier, monkeypatch, "delivery", "again", unknown)

    assert result.exit_code == 1
    assert "no failed mail" in result.output
