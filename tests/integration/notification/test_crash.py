"""A sender that is killed between handing a mail over and noting that it did."""

from __future__ import annotations

import subprocess
import sys

import pytest
from prometheus_client import REGISTRY

from deploy.local import paths
from tests.support import mails, reports
from tests.support.children import dies_with_us
from tests.support.ground import Ground
from tests.support.system import wait_until

from .intake import Answering
from .notifier import Notifier
from .post_office import PostOffice


@pytest.mark.parametrize("position", [1, 3])
def test_it_is_sent_again_under_the_same_message_id_and_counted(
    notifier: Notifier, intake: Answering, post_office: PostOffice, ground: Ground, position: int
) -> None:
    notifier.take(*(mails.happened("report.submitted.v1", reports.report()) for _ in range(5)))
    before = REGISTRY.get_sample_value("vigie_deliveries_resent_total") or 0.0
    victim: list[subprocess.Popen[bytes]] = []

    def kill(_mail: object) -> None:
        """The server has the mail, and the sender does not know it yet."""
        if len(post_office.mails) == position:
            victim[0].kill()
            victim[0].wait(10)

    post_office.on_mail = kill
    with intake:
        victim.append(start_sender(notifier.url, ground.values["NOTIFICATION_AMQP_URL"], post_office.url))
        victim[0].wait(30)
        assert len(post_office.mails) == position
        assert sorted(state for _, state, _, _ in notifier.states()) == sorted(
            ["sent"] * (position - 1) + ["sending"] + ["pending"] * (5 - position)
        )
        with notifier.sending(post_office.url):
            wait_until(notifier.ended)

    sent = post_office.message_ids()
    assert len(sent) == 6
    assert len(set(sent)) == 5
    assert sent.count(sent[position - 1]) == 2
    assert REGISTRY.get_sample_value("vigie_deliveries_resent_total") == before + 1
    assert len(notifier.told()) == 5


def start_sender(database: str, amqp: str, smtp: str) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "tests.integration.notification.one_list", database, amqp, smtp]
    return subprocess.Popen(argv, cwd=paths.ROOT, preexec_fn=dies_with_us)
