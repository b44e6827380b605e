"""Intake's photos on a real database and a real S3 server, without the rest of the service."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import psycopg
import pytest
from werkzeug.test import Client, TestResponse

from services.intake.domain.links import Links, Size
from services.intake.settings import PhotoSettings
from services.intake.store import photos as repository
from services.intake.store.photos import Owner
from services.intake.usecases.photo_keeping import Keeper
from services.intake.usecases.uploads import Uploads
from services.intake.web.photos import PhotoViews
from shared import db
from shared.objects import ObjectStore
from shared.web import create_app
from tests.support import names
from tests.support.ground import Bucket

SECRET = "0123456789abcdef" * 4
KEY = "a-key-of-the-tests-0123456789"
OWNER = Owner("gentilly", "front-web")


@dataclass
class Photos:
    """What a test works with. `settings` may be changed before the first request."""

    pool: db.Pool
    settings: PhotoSettings
    made: Client | None = field(default=None, init=False)
    lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    @property
    def client(self) -> Client:
        """Calls the HTTP views, the same ones from every thread."""
        with self.lock:
            if self.made is None:
                views = PhotoViews(
                    self.pool, Links("", SECRET), self.settings.store(), Uploads(self.pool, self.settings)
                )
                self.made = Client(create_app(views.blueprint(), unavailable=(psycopg.OperationalError,)))
            return self.made

    @property
    def store(self) -> ObjectStore:
        """The object store that the settings name."""
        return self.settings.store()

    @property
    def keeper(self) -> Keeper:
        """What carries photos to the store."""
        return Keeper(self.pool, self.store, self.settings.keep_hours)

    def upload(self, photo: bytes, headers: Mapping[str, str] | None = None) -> TestResponse:
        """Send a photo with the good key."""
        sent = {"Authorization": f"Bearer {KEY}", **(headers or {})}
        length = {"CONTENT_LENGTH": str(len(photo))}
        return self.client.post("/photos", data=photo, headers=sent, environ_overrides=length)

    def taken(self, photo: bytes) -> str:
        """Send a photo that is taken; its id."""
        response = self.upload(photo)
        assert response.status_code == 201, response.text
        identity: str = response.get_json()["id"]
        return identity

    def show(self, photo_id: str, size: Size = "full", town: str = OWNER.town) -> TestResponse:
        """Open the address of a photo."""
        return self.client.get(Links("", SECRET).photo(town, photo_id, size))

    def run(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """What the database says."""
        with self.pool.connection() as conn:
            cursor = conn.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description is not None else []

    def make_due(self) -> None:
        """Bring forward what waits for its next attempt."""
        self.run("update photo_pending set due_at = now()")
        self.run("update photo_removal set due_at = now()")


@pytest.fixture
def photos(database: Callable[[str], str], connection_values: dict[str, str]) -> Iterator[Photos]:
    """A database, a bucket, and a front end's key."""
    bucket = Bucket(connection_values["S3_URL"], names.unique())
    pool = db.open_pool(database("intake"), "tests", size=12)
    with pool.connection() as conn:
        repository.add_key(conn, OWNER, KEY)
    yield Photos(pool, PhotoSettings(bucket.url))
    pool.close()
    bucket.remove()
