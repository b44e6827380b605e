"""Whatever a browser or somebody else sends to the form: it is answered, and never with an error of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from services.intake.settings import IntakeSettings, PhotoSettings
from services.intake.web.app import application
from services.routing import townfiles
from services.routing.domain import to_event_data
from shared import db, towns
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
STEPS = ("quoi", "lieu", "details", "qui", "envoi", "other")


@pytest.fixture
def client(
    database: Callable[[str], str], databases: Databases, connection_values: dict[str, str]
) -> Iterator[Client]:
    """The application, as its role may use the database."""
    url = database("intake")
    with db.open_pool(url, "test", 2) as pool, pool.connection() as conn:
        towns.keep(conn, "gentilly", to_event_data(townfiles.load(GENTILLY), 1))
    with db.open_pool(databases.web_url("intake", url), "web", 2) as web:
        own = IntakeSettings("https://x.example", "secret" * 8, per_network=0, per_web_address=0)
        yield Client(application(web, own, PhotoSettings(connection_values["S3_URL"])))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
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
