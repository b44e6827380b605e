"""GeoReport's addresses on the real application, as the pages' role may use the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from services.intake.domain.links import Links
from services.intake.settings import IntakeSettings, PhotoSettings
from services.intake.store import photos
from services.intake.store.photos import Owner
from services.intake.web.app import application
from services.routing import townfiles
from services.routing.domain import to_event_data
from shared import db, towns
from tests.support import names
from tests.support.databases import Databases
from tests.support.ground import Bucket
from tests.support.system import GENTILLY

BASE = "https://signaler.example"
KEY, OTHER = "key-of-the-web-site", "key-of-the-kiosk"
SENT = {
    "service_code": "voirie/nid-de-poule",
    "description": "Trou devant l'école",
    "lat": "48.8130",
    "long": "2.3420",
    "address_string": "12 rue Charles-Frérot",
    "first_name": "Ada",
    "last_name": "Martin",
    "email": "ada@example.org",
    "api_key": KEY,
}


@dataclass
class Api:
    """The application. `pool`: of the service itself."""

    pool: db.Pool
    app: Flask
    client: Client

    def get(self, path: str, **parameters: str) -> TestResponse:
        """Ask."""
        return self.client.get(f"/open311/v2/{path}", query_string=parameters)

    def json(self, path: str, **parameters: str) -> object:
        """Ask for JSON that is there."""
        answer = self.get(f"{path}.json", **parameters)
        assert answer.status_code == 200, answer.text
        return orjson.loads(answer.data)

    def send(self, form: str = "json", **changes: Any) -> TestResponse:
        """Send a report; None takes a parameter away."""
        data = {name: value for name, value in {**SENT, **changes}.items() if value is not None}
        return self.client.post(f"/open311/v2/requests.{form}", data=data)

    def sent(self, **changes: Any) -> str:
        """The reference of a report that was sent."""
        answer = self.send(**changes)
        assert answer.status_code == 200, answer.text
        reference: str = orjson.loads(answer.data)[0]["service_request_id"]
        return reference

    @property
    def links(self) -> Links:
        """The links that it makes."""
        return Links(BASE, "secret" * 8)


@pytest.fixture
def api(
    database: Callable[[str], str], databases: Databases, connection_values: dict[str, str]
) -> Iterator[Api]:
    """Gentilly, with two front ends that have keys."""
    url = database("intake")
    bucket = Bucket(connection_values["S3_URL"], names.unique())
    with (
        db.open_pool(url, "test", 2) as pool,
        db.open_pool(databases.web_url("intake", url), "web", 4) as web,
    ):
        with pool.connection() as conn:
            data = to_event_data(townfiles.load(GENTILLY), 1)
            kiosk = {"user": "gentilly-kiosk", "role": "front_end"}
            towns.keep(conn, "gentilly", {**data, "tools": [*data["tools"], kiosk]})
            photos.add_key(conn, Owner("gentilly", "gentilly-web"), KEY)
            photos.add_key(conn, Owner("gentilly", "gentilly-kiosk"), OTHER)
        settings = IntakeSettings(BASE, "secret" * 8, per_address=5)
        app = application(web, settings, PhotoSettings(bucket.url))
        yield Api(pool, app, Client(app))
    bucket.remove()
