"""GeoReport v2: what is sent, found and refused, in XML and in JSON."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from services.intake.domain.steps import RecordedStep
from services.intake.store import repository
from services.intake.web.open311.openapi import document
from shared import clock
from tests.integration.intake.open311.conftest import KEY, OTHER, SENT, Api
from tests.support import pictures

WHOLE = document("https://signaler.example/open311/v2")
DECIDED = {"fr": "Parce que c’est un nid-de-poule.", "en": "Because it is a pothole."}


def _is_as_documented(name: str, value: object) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": WHOLE["components"]}
    Draft202012Validator(schema).validate(value)


def _plain(element: ElementTree.Element) -> Any:
    """XML as JSON would say it, all in texts."""
    if element.tag in (
        "services",
        "service_requests",
        "errors",
        "attributes",
        "values",
        "service_request_updates",
    ):
        return [_plain(child) for child in element]
    if len(element):
        return {child.tag: _plain(child) for child in element}
    return element.text or ""


def _texts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _texts(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_texts(inner) for inner in value]
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _happen(api: Api, reference: str, state: str, **more: Any) -> None:
    find = "select id::text from report where reference = %s"
    count = "select count(*) from follow_up where report_id = %s"
    with api.pool.connection() as conn:
        (report_id,) = conn.execute(find, [reference]).fetchone() or ("",)
        (before,) = conn.execute(count, [report_id]).fetchone() or (0,)
        step = {
            "holder_kind": "department",
            "holder": "voirie",
            "reason": None,
            "until": None,
            "outcome": None,
            "text": None,
            "planned_for": None,
            "happened_at": clock.timestamp(),
            **more,
        }
        repository.add_steps(conn, [RecordedStep("gentilly", report_id, f"{before + 1:010}", state, **step)])


def _one(api: Api, reference: str, **parameters: str) -> dict[str, Any]:
    found: Any = api.json(f"requests/{reference}", **parameters)
    assert len(found) == 1
    return dict(found[0])


def test_what_a_town_takes_is_listed_and_each_service_has_its_questions(api: Api) -> None:
    services: Any = api.json("services", jurisdiction_id="gentilly")
    for service in services:
        _is_as_documented("Service", service)
    by_code = {service["service_code"]: service for service in services}
    assert by_code["voirie/nid-de-poule"]["service_name"] == "Nid-de-poule"
    assert by_code["voirie/nid-de-poule"]["metadata"] is True
    definition: Any = api.json("services/voirie/nid-de-poule")
    _is_as_documented("Definition", definition)
    assert [attribute["code"] for attribute in definition["attributes"]] == ["danger"]
    english: Any = api.json("services/voirie/nid-de-poule", lang="en")
    assert english["attributes"][0]["values"][0] == {"key": "oui", "name": "Yes"}


def test_a_report_is_stored_published_and_followed_by_its_reference(api: Api) -> None:
    answer = api.send(**{"attribute[danger]": "oui"})
    (receipt,) = orjson.loads(answer.data)
    _is_as_documented("Receipt", receipt)
    with api.pool.connection() as conn:
        (body,) = conn.execute("select body from event").fetchone() or ({},)
    report = body["data"]["report"]
    assert (report["category"], report["answers"]) == ("voirie/nid-de-poule", {"danger": "oui"})
    assert report["place"] == {"latitude": 48.813, "longitude": 2.342, "address": "12 rue Charles-Frérot"}
    assert body["data"]["front_end"] == "gentilly-web"
    assert receipt["service_notice"] == api.links.tracking("gentilly", report["id"])
    assert _one(api, receipt["service_request_id"])["status"] == "open"


def test_anybody_learns_where_a_report_is_and_only_its_sender_what_it_says(api: Api) -> None:
    reference = api.sent()
    _happen(api, reference, "routed", until="2026-12-31T16:00:00Z", reason=DECIDED)
    _happen(api, reference, "resolved", outcome="done", text="Rebouché. Merci, Ada.")
    for key in ({}, {"api_key": OTHER}):
        seen = _one(api, reference, **key)
        _is_as_documented("Request", seen)
        assert (seen["status"], seen["agency_responsible"], seen["status_notes"]) == (
            "closed",
            "Voirie",
            "Traité",
        )
        assert seen["expected_datetime"] == "2026-12-31T17:00:00+01:00"
        assert not {seen[name] for name in ("description", "address", "lat", "long", "media_url")} - {None}
        assert "Ada" not in orjson.dumps(seen).decode()
    own = _one(api, reference, api_key=KEY, extensions="true")
    assert (own["description"], own["lat"], own["status_notes"]) == (
        SENT["description"],
        48.813,
        "Rebouché. Merci, Ada.",
    )
    assert own["extended_attributes"] == {
        "kind": "problem",
        "state": "resolved",
        "outcome": "done",
        "holder": {"kind": "department", "id": "voirie"},
    }


def test_updates_are_told_in_order(api: Api) -> None:
    reference = api.sent()
    _happen(api, reference, "routed")
    _happen(api, reference, "acknowledged", text="Vu, Ada.")
    found: Any = api.json("servicerequestupdates", service_request_id=reference)
    for each in found:
        _is_as_documented("Update", each)
    assert [each["description"] for each in found] == ["Confié à un service", "Pris en compte"]
    own: Any = api.json("servicerequestupdates", service_request_id=reference, api_key=KEY)
    assert own[1]["description"] == "Vu, Ada."


@pytest.mark.parametrize(
    ("states", "status", "note"),
    [
        (("routed", "completed", "overdue"), "open", "Confié à un service"),
        (("routed", "withdrawn", "acknowledged"), "closed", "Retiré"),
        (("routed", "resolved", "rated"), "closed", "Traité"),
        (("routed", "resolved", "rated", "reopened"), "open", "Rouvert"),
        (("routed", "resolved", "reopened", "routed", "withdrawn"), "closed", "Retiré"),
    ],
)
def test_what_authors_do_is_seen_as_on_their_page(
    api: Api, states: tuple[str, ...], status: str, note: str
) -> None:
    reference = api.sent()
    for state in states:
        _happen(api, reference, state, outcome="done" if state == "resolved" else None)
    seen = _one(api, reference)
    assert (seen["status"], seen["status_notes"]) == (status, note)
    updates: Any = api.json("servicerequestupdates", service_request_id=reference)
    assert len(updates) == len([state for state in states if state not in ("completed", "rated")])


def test_xml_says_the_same_as_json(api: Api) -> None:
    reference = api.sent()
    _happen(api, reference, "routed", reason=DECIDED)
    for path, parameters in (
        ("services", {}),
        ("services/voirie/nid-de-poule", {}),
        ("requests", {"api_key": KEY, "extensions": "true"}),
        (f"requests/{reference}", {}),
        (f"tokens/{reference}", {}),
        ("servicerequestupdates", {"service_request_id": reference}),
    ):
        xml = api.get(f"{path}.xml", **parameters)
        assert xml.content_type == "text/xml; charset=utf-8"
        assert _plain(ElementTree.fromstring(xml.data)) == _texts(api.json(path, **parameters)), path
    for path in ("requests/none", "requests.json?status=x"):
        both = [orjson.loads(api.get("requests/none.json").data), api.get("requests/none.xml")]
        assert _plain(ElementTree.fromstring(both[1].data)) == _texts(both[0]), path


def test_reports_are_found_by_what_is_asked_for(api: Api) -> None:
    hole, lamp, old = api.sent(), api.sent(service_code="eclairage/lampadaire-eteint"), api.sent()
    _happen(api, lamp, "resolved", outcome="done")
    with api.pool.connection() as conn:
        then = clock.now() - timedelta(days=100)
        own = str(uuid.UUID(int=int(then.timestamp() * 1000) << 80))
        conn.execute("update report set id = %s, submitted_at = %s where reference = %s", [own, then, old])

    def found(**parameters: str) -> list[str]:
        listed: Any = api.json("requests", **parameters)
        return [each["service_request_id"] for each in listed]

    soon = (clock.now() + timedelta(hours=1)).isoformat()
    assert found() == [lamp, hole]
    assert found(service_code="voirie/nid-de-poule,autre/chose") == [hole]
    assert found(status="closed") == [lamp]
    assert found(status="open,closed") == [lamp, hole]
    assert found(status="", service_code="", start_date="") == [lamp, hole]
    assert found(updated_after=soon) == []
    assert found(page_size="1") == [lamp]
    assert found(page_size="1", page="2") == [hole]
    assert found(service_request_id=f"{old},{hole}", status="closed", start_date=soon) == [hole, old]
    assert found(start_date=(clock.now() - timedelta(days=110)).isoformat(), end_date=soon) == [old]
    assert found(lat="48.8131", long="2.3421", radius="50", api_key=KEY) == [lamp, hole]
    assert found(lat="48.8231", long="2.3421", radius="50", api_key=KEY) == []
    assert found(lat="48.8131", long="2.3421", api_key=OTHER) == found(lat="48.8131", long="2.3421") == []


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"api_key": None}, 403, {"api_key is missing"}),
        ({"api_key": "x"}, 403, {"api_key is invalid"}),
        ({"jurisdiction_id": "nowhere"}, 404, {"jurisdiction_id provided was not found"}),
        ({"service_code": "voirie/none"}, 400, {"service_code"}),
        ({"service_code": None, "email": "x", "lat": "north"}, 400, {"service_code", "email", "lat"}),
        ({"service_code": "voirie/none", "email": "x"}, 400, {"service_code", "email"}),
        ({"long": None}, 400, {"long"}),
        (
            {"lat": None, "long": "", "address_string": " ", "email": None},
            400,
            {"lat, long, address_string", "email"},
        ),
        ({"description": " "}, 400, {"description"}),
        ({"first_name": None, "last_name": ""}, 400, {"first_name", "last_name"}),
        ({"media": (io.BytesIO(b"no photo"), "x.jpg")}, 400, {"media"}),
    ],
)
def test_what_is_refused_is_said_by_parameter_and_nothing_is_stored(
    api: Api, changes: dict[str, Any], status: int, said: set[str]
) -> None:
    answer = api.send(**changes)
    errors = orjson.loads(answer.data)
    assert answer.status_code == status, errors
    assert {error["code"] for error in errors} == {status}
    assert {error["description"].partition(":")[0] for error in errors} == said
    with api.pool.connection() as conn:
        for table in ("report", "citizen", "event", "photo"):
            assert conn.execute(f"select count(*) from {table}".encode()).fetchone() == (0,), table


def test_too_many_for_one_address_are_told_when_to_come_again(api: Api) -> None:
    for _ in range(5):
        api.sent()
    answer = api.send()
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 3000


def test_photos_come_with_it_and_only_their_sender_is_shown_them(api: Api) -> None:
    media = [(io.BytesIO(pictures.unlike_any(n)), f"{n}.jpg") for n in range(2)]
    reference = api.sent(media=media)
    with api.pool.connection() as conn:
        assert conn.execute("select count(*) from photo where report_id is not null").fetchone() == (2,)
    assert _one(api, reference)["media_url"] is None
    assert re.fullmatch(
        r"https://signaler\.example/photos/\S+", _one(api, reference, api_key=KEY)["media_url"]
    )
