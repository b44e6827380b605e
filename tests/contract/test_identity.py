"""Who sent a report never leaves intake through an event; a fact for analysts leads back to nobody."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from marshmallow import Schema, fields

from shared.contracts import registry
from shared.contracts.registry import EVENTS
from shared.contracts.texts import Text, deliverable
from tests.contract.examples import FOLDER, PATHS, event
from tests.contract.schemas import walk

# Words of which none may be a word of a field's name.
IDENTITY = re.compile(
    r"(?:^|_)(?:first|last|given|family|full|surname|forename|mail|email|phone|telephone|mobile|ip"
    r"|birth|gender|citizen|contact|author|reporter|tracking|token|secret|password)(?:_|$)"
)
# The report's author by an opaque id; the town's own addresses, and a rule about addresses.
EXCEPTIONS = {
    "town.configured.v1": {
        "/data/mail",
        "/data/mail/from",
        "/data/mail/reply_to",
        "/data/departments/*/email",
        "/data/authorities/*/email",
        "/data/authorities/*/needs_contact",
    }
}
OPAQUE = "/data/report/citizen_id"
PUBLIC = [c.type for c in EVENTS.values() if c.exchange in ("events", "desk", "statistics")]
PUBLIC_PATHS = [path for path in PATHS if path.parent.name in PUBLIC]
PEOPLE = ("Ada", "Martin", "Zoé", "N'Guyen", "Lefèvre", "Grace", "O'Neil", "ada@", "zoe@", "grace@")


def identity_fields(schema: Schema) -> set[str]:
    """Pointers of fields whose name, or whose kind, says who somebody is."""
    named = {p for p, _ in walk(schema) if IDENTITY.search(p.removesuffix("/*").rpartition("/")[2])}
    addresses = {p for p, f in walk(schema) if isinstance(f, Text) and f.check is deliverable}
    names = {p for p, _ in walk(schema) if p.endswith("/name") and p != "/data/name"}
    return named | addresses | names


@pytest.mark.parametrize("type_", PUBLIC)
def test_no_field_of_a_public_event_says_who_somebody_is(type_: str) -> None:
    allowed = EXCEPTIONS.get(type_, set()) | {OPAQUE}
    assert identity_fields(EVENTS[type_].schema()) <= allowed


def test_field_that_says_who_somebody_is_would_be_found() -> None:
    assert identity_fields(EVENTS["submission.sent.v1"].schema()) >= {
        "/data/citizen/first_name",
        "/data/citizen/last_name",
        "/data/citizen/email",
    }
    assert identity_fields(EVENTS["contacts.given.v1"].schema()) >= {"/data/contacts/*/tracking_url"}

    class Leaking(Schema):
        reporter_phone = fields.String()
        people = fields.List(fields.Nested({"name": fields.String()}))

    assert identity_fields(Leaking()) == {"/data/reporter_phone", "/data/people/*/name"}


def test_no_free_object_can_carry_what_no_schema_says() -> None:
    free = [
        (type_, pointer)
        for type_ in PUBLIC
        for pointer, field in walk(EVENTS[type_].schema())
        if isinstance(field, fields.Dict) and not pointer.endswith(("/report/answers", "/children/*"))
    ]
    assert free == []


@pytest.mark.parametrize("path", PUBLIC_PATHS, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_public_example_names_its_author(path: Path) -> None:
    body = event(path).encode().decode()
    assert not [word for word in PEOPLE if word in body]


def test_fact_for_analysts_has_neither_report_nor_person() -> None:
    contract = EVENTS["statistics.fact.v1"]
    assert set(contract.refuses) == {"subject", "correlationid", "causationid", "traceparent"}
    assert {pointer for pointer, _ in walk(contract.schema())} == {
        f"/data/{name}"
        for name in (
            *("kind", "category", "target_kind", "target", "happened", "hour", "delay", "cell"),
            "coarsened",
            "outcome",
        )
    }


@pytest.mark.parametrize("type_", ["contacts.given.v1", "contacts.requested.v1", "submission.accepted.v1"])
def test_identity_and_capability_links_go_by_request_and_answer_alone(type_: str) -> None:
    assert EVENTS[type_].exchange in ("", "intake")
    assert registry.known(type_)
    assert orjson.loads(event(FOLDER / type_ / "full.json").encode())
