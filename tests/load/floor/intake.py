"""The floor's intake: submissions, and what routing tells."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from hashlib import blake2b

import amqp
import orjson

from services.intake.store.repository import QUERIES
from shared.messaging.store.inbox import QUERIES as INBOX
from tests.load.floor.stage import Document, Stage, dumps, new_id, now

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Intake(Stage):
    """Submissions, and what routing tells."""

    def __init__(self) -> None:
        super().__init__("intake")
        self.key = os.environ["INTAKE_SECRET"].encode()[:64]
        self.run({"intake.submissions": self.submissions, "intake.events": self.steps})

    def submissions(self, messages: Sequence[amqp.Message]) -> None:
        taken = [(m, orjson.loads(m.body)) for m in messages]
        people: dict[str, Document] = {}
        for _, event in taken:
            person = event["data"]["citizen"]
            people.setdefault(person["email"].casefold(), self._person(event, person))
        with self.conn.pipeline():
            self.conn.execute(QUERIES["citizens_register"], {"rows": dumps(list(people.values()))})
            found = self.conn.execute(
                QUERIES["citizens_find"],
                {"rows": dumps([{"town": p["town"], "email_key": p["email_key"]} for p in people.values()])},
            )
            citizens = {email: citizen_id for _, email, citizen_id in found}
        reports, answers = [], []
        for message, event in taken:
            report = self._report(message, event, citizens)
            reports.append(report)
            answers.append(self._answer(message, event, report))
        with self.conn.pipeline():
            self.conn.execute(QUERIES["reports_insert"], {"rows": dumps(reports)})
            self.conn.execute(INBOX["inbox_remember"], {"rows": dumps(answers)})
            self.conn.commit()
        self.window.publish()

    @staticmethod
    def _person(event: Document, person: Document) -> Document:
        key = person["email"].casefold()
        return {**person, "id": new_id(), "town": event["town"], "email_key": key, "language": "fr"}

    def _report(self, message: amqp.Message, event: Document, citizens: Mapping[str, str]) -> Document:
        data, place = event["data"], event["data"].get("place") or {}
        digits = "".join(secrets.choice(ALPHABET) for _ in range(8))
        return {
            "town": event["town"],
            "id": new_id(),
            "reference": f"GEN-{digits[:4]}-{digits[4:]}",
            "kind": data["kind"],
            "category": data["category"],
            "language": data["language"],
            "description": data["description"],
            "latitude": place.get("latitude"),
            "longitude": place.get("longitude"),
            "address": place.get("address"),
            "answers": {},
            "citizen_id": citizens[data["citizen"]["email"].casefold()],
            "share_contact": False,
            "first_name": data["citizen"]["first_name"],
            "last_name": data["citizen"]["last_name"],
            "sender": message.properties["user_id"],
            "submitted_at": now(),
        }

    def _answer(self, message: amqp.Message, event: Document, row: Document) -> Document:
        report = {name: row[name] for name in ("id", "reference", "kind", "category", "language")}
        report |= {name: row[name] for name in ("citizen_id", "description", "answers", "submitted_at")}
        report |= {"place": event["data"].get("place"), "photos": []}
        told = self.event("report.submitted.v1", event, {"report": report, "front_end": row["sender"]})
        self.window.add("events", f"{event['town']}.report.submitted.v1", told)
        token = blake2b(row["id"].encode(), key=self.key, digest_size=20).hexdigest()
        url = f"{os.environ['INTAKE_URL']}/follow/{event['town']}/{row['id']}.{token}"
        about = {"id": row["id"], "reference": row["reference"], "tracking_url": url}
        receipt = self.event("submission.accepted.v1", event, {"report": about})
        self.window.add("", message.properties["reply_to"], receipt)
        said = orjson.dumps([event["type"], event["data"]], option=orjson.OPT_SORT_KEYS)
        return {
            "town": event["town"],
            "consumer": "intake.submissions",
            "sender": row["sender"],
            "event_id": event["id"],
            "fingerprint": blake2b(said, key=self.key, digest_size=16).hexdigest(),
            "reply": receipt,
        }

    def steps(self, messages: Sequence[amqp.Message]) -> None:
        rows = [self._step(orjson.loads(m.body)) for m in messages]
        with self.conn.pipeline():
            self.conn.execute(QUERIES["follow_up_insert"], {"rows": dumps(rows)})
            self.conn.commit()

    @staticmethod
    def _step(event: Document) -> Document:
        data = event["data"]
        kind = "department" if "department" in data else "authority" if "authority" in data else None
        return {
            "town": event["town"],
            "report_id": data["report"]["id"],
            "sequence": event["sequence"],
            "state": event["type"].split(".")[1],
            "holder_kind": kind,
            "holder": data.get(kind) if kind else None,
            "until": data["clocks"].get("resolve_by"),
            "happened_at": event["time"],
        }
