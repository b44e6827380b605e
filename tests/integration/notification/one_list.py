"""`python -m tests.integration.notification.one_list DATABASE AMQP SMTP`: one sender, until it is killed."""

from __future__ import annotations

import sys
import threading

from services.notification.loops import keep_sending
from tests.integration.notification.notifier import Notifier

if __name__ == "__main__":
    database, amqp, smtp = sys.argv[1:]
    sender = Notifier(database, amqp, knows_town=False).sender(smtp, claim=1.0, sending_claim=1.0)
    keep_sending(sender, 0.05, threading.Event())
