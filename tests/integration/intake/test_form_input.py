"""Whatever a browser or somebody else sends to the form: it is answered, and never with an error of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from services.intake.domain.reports import town
from services.intake.settings import IntakeSettings, PhotoSettings
from services.intake.usecases.submissions import Accepted, Submissions
from services.intake.web.app import application
from services.routing import townfiles
from services.routing.domain import to_event_data
from shared import db, towns
from shared.unit import Units
from tests.integration.intake.sent import LINKS, SUBMISSION, UNLIMITED
from tests.support.databases import Databases
from tests.support.system import GENTILLY

_PLACE = ("address", "latitude", "longitude", "without_place", "from_photo")
_PERSON = ("first_name", "last_name", "email", "share_contact")
NAMES = ("description", "category", "answer-danger", "kind", "lang", "do", "photo", *_PLACE, *_PERSON)
_NUMBERS = ("nan", "inf", "1e999", "-0", "48.8", "2.3", "1")
_KNOWN = ("voirie/nid-de-poule", "oui", "problem", "suggestion", "remove:x", "no-point", "ada@example.org")
ODD = (*_NUMBERS, *_KNOWN, "", "\x00", "a" * 5000)
TEXTS = st.one_of(st.text(max_size=60), st.sampled_from(ODD))
SENT = {"sent": "1"}  # a browser sends a body, if an empty one
hostile = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
STEPS = ("quoi", "lieu", "details", "qui", "envoi", "other")


@pytest.fixture
def url(database: Callable[[str], str]) -> str:
    """A database of intake."""
    return database("intake")


@pytest.fixture
def pool(url: str) -> Iterator[db.Pool]:
    """The service's own way to it, in which Gentilly is known."""
    with db.open_pool(url, "test", 2) as own:
        with own.connection() as conn:
            towns.keep(conn, "gentilly", to_event_data(townfiles.load(GENTILLY), 1))
        yield own


@pytest.fixture
def client(
    url: str, pool: db.Pool, databases: Databases, connection_values: dict[str, str]
) -> Iterator[Client]:
    """The application, as its role may use the database."""
    with db.open_pool(databases.web_url("intake", url), "web", 2) as web:
        own = IntakeSettings("https://x.example", "secret" * 8, per_network=0, per_web_address=0)
        yield Client(application(web, own, PhotoSettings(connection_values["S3_URL"])))


@pytest.fixture
def report(client: Client, pool: db.Pool) -> str:
    """The path of a report's page."""
    sent = replace(SUBMISSION, sender="gentilly-web")
    with Units(pool).open() as unit:
        (outcome,) = Submissions(LINKS, towns.Towns(town), UNLIMITED).submit(unit, [sent])
    assert isinstance(outcome, Accepted)
    return urlsplit(outcome.tracking_url).path


@hostile
@given(
    st.dictionaries(st.sampled_from(NAMES), TEXTS),
    st.lists(st.tuples(st.sampled_from(STEPS), st.dictionaries(st.sampled_from(NAMES), TEXTS)), max_size=5),
)
def test_it_is_always_answered(client: Client, begun: dict[str, str], steps: list[tuple[str, Any]]) -> None:
    start = "/gentilly/signaler"
    assert client.get(start, query_string=begun).status_code == 200
    first = client.post(start, data={**begun, **SENT})
    assert first.status_code in (200, 303, 422), first.text
    draft = first.location.rsplit("/", 1)[0] if first.status_code == 303 else f"{start}/none"
    for step, data in steps:
        sent = client.post(f"{draft}/{step}", data={**data, **SENT})
        assert sent.status_code in (200, 303, 404, 422), sent.text
        assert client.get(f"{draft}/{step}").status_code in (200, 303, 404)


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("95", "2.3"), ("48.8", "500"), ("0", "0"), ("48.8", "")]
)
def test_a_point_that_is_none_is_refused_and_not_shown_again(
    client: Client, latitude: str, longitude: str
) -> None:
    first = client.post("/gentilly/signaler", data={"category": "voirie/nid-de-poule"})
    sent = client.post(first.location, data={"latitude": latitude, "longitude": longitude})
    assert sent.status_code == 422
    assert 'name="latitude" value=""' in sent.text
    assert "Adresse ou repère" in sent.text


@hostile
@given(
    st.sampled_from(["completer", "retirer", "rouvrir", "avis", "autre"]),
    st.dictionaries(st.sampled_from(["text", "reason", "satisfied", "photo"]), TEXTS),
)
def test_whatever_is_done_about_a_report_is_answered(
    client: Client, report: str, path: str, data: dict[str, str]
) -> None:
    assert client.post(f"{report}/{path}", data={**data, **SENT}).status_code in (303, 404, 422)
    assert client.get(f"{report}/{path}").status_code in (200, 303, 404)
    assert client.get(report).status_code == 200
