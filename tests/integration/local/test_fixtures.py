"""The ground under every other test: separate databases, vhosts, buckets, mails."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import urlsplit

import amqp
import psycopg
import pytest

from deploy.local.connections import as_user
from shared.amqp.management import Management
from shared.settings import SERVICES
from tests.support.databases import Databases
from tests.support.ground import Ground
from tests.support.system import wait_until


@pytest.fixture(scope="module")
def own(make_ground: Callable[[], Ground]) -> Ground:
    """Ground that these tests may close."""
    return make_ground()


@pytest.mark.parametrize("service", SERVICES)
def test_a_database_has_the_tables_and_belongs_to_its_service(
    database: Callable[[str], str], service: str
) -> None:
    with psycopg.connect(database(service)) as connection:
        tables = {name for (name,) in connection.execute("select tablename from pg_tables")}
        assert {"event", "outbox", "inbox", "parked", "migration"} <= tables


def test_two_databases_of_one_service_share_no_row(database: Callable[[str], str]) -> None:
    first, second = database("intake"), database("intake")
    with psycopg.connect(first) as connection:
        connection.execute("create table mark (word text)")
    with psycopg.connect(second) as connection:
        assert connection.execute("select to_regclass('mark')").fetchone() == (None,)


def test_a_service_cannot_enter_the_database_of_another(database: Callable[[str], str]) -> None:
    intake, routing = urlsplit(database("intake")), database("routing")
    stranger = as_user(routing, intake.username or "", intake.password or "")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(stranger)


def test_closing_the_ground_leaves_nothing(own: Ground, databases: Databases) -> None:
    url = own.values["ANALYTICS_DATABASE_URL"]
    psycopg.connect(url).close()
    own.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)
    with Management(own.values["ADMIN_API_URL"]) as api:
        assert own.name not in {vhost["name"] for vhost in api.get("vhosts")}


def test_a_service_reaches_its_own_vhost(ground: Ground) -> None:
    at = urlsplit(ground.values["INTAKE_AMQP_URL"])
    where = {"host": f"{at.hostname}:{at.port}", "userid": at.username, "password": at.password}
    with amqp.Connection(**where, virtual_host=ground.name) as connection:
        assert connection.channel().queue_declare("intake.submissions", passive=True).message_count == 0


def _about(ground: Ground, subject: str) -> EmailMessage | None:
    return next((mail for mail in ground.mailbox.mails() if mail["Subject"] == subject), None)


def test_a_mail_is_kept_whole_with_its_recipients_and_the_name_tells_nobody(ground: Ground) -> None:
    at = urlsplit(ground.mailbox.url)
    with smtplib.SMTP(at.hostname or "", at.port or 0) as client:
        client.sendmail(
            "town@example.org", ["ada@example.org"], "Subject: Nid-de-poule\r\n\r\nReçu.".encode()
        )
    # The worker's services may have mails of their own sent here.
    mail = wait_until(lambda: _about(ground, "Nid-de-poule"), what="the mail is kept")
    assert mail["X-Envelope-To"] == "ada@example.org"
    assert "ada" not in " ".join(file.name for file in ground.mailbox.folder.iterdir())
