"""From the database to the store and out of it, through a store that comes and goes."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from services.intake import loops
from services.intake.domain.links import Size
from services.intake.domain.photos import object_names
from services.intake.store import photos as repository
from shared.objects import ObjectMissing, ObjectStore, StoreAway
from tests.integration.intake.photos.conftest import OWNER, Photos
from tests.support import pictures

from .rclone import Rclone, wait_for

REPORT = "00000000-0000-7000-8000-000000000001"
AWAY = "http://access:secret@127.0.0.1:9/bucket"


def _read(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as response:
        data: bytes = response.read()
        return data


class TestStoring:
    def test_photo_goes_to_the_store_and_leaves_the_database(self, photos: Photos) -> None:
        photo_id = photos.taken(pictures.turned(6))
        photos.keeper.work()
        assert photos.run("select count(*) from photo_pending") == [(0,)]
        [(state, size, sha256, width, height)] = photos.run(
            "select state, size, sha256, width, height from photo where id = %(id)s", id=photo_id
        )
        kept = photos.store.get(object_names((OWNER.town, photo_id))[0])
        assert (state, size, sha256) == ("stored", len(kept), hashlib.sha256(kept).digest())
        assert (width, height) == pictures.decode(kept).size == (120, 80)

    def test_store_away_photo_waits_and_goes_later(self, photos: Photos) -> None:
        there, photos.settings = photos.settings, replace(photos.settings, s3_url=AWAY)
        photo_id = photos.taken(pictures.encode(pictures.scene()))
        with photos.pool.connection() as conn:
            repository.claim(conn, [((OWNER.town, OWNER.tool, photo_id), REPORT)])
        with pytest.raises(StoreAway):
            photos.keeper.work()
        assert photos.show(photo_id).status_code == 425
        photos.settings = there
        photos.make_due()
        photos.keeper.work()
        assert photos.run("select state from photo") == [("stored",)]

    def test_next_attempts_are_further_and_further_apart(self, photos: Photos) -> None:
        photos.settings = replace(photos.settings, s3_url=AWAY)
        photos.taken(pictures.encode(pictures.scene()))
        waits = []
        for _ in range(8):
            with pytest.raises(StoreAway):
                photos.keeper.work()
            [(seconds,)] = photos.run("select extract(epoch from due_at - now())::float8 from photo_pending")
            waits.append(round(float(str(seconds))))
            photos.make_due()
        assert waits == [1, 2, 4, 8, 16, 32, 60, 60]

    def test_two_keepers_do_not_do_the_same(self, photos: Photos, monkeypatch: pytest.MonkeyPatch) -> None:
        sent = [photos.taken(pictures.unlike_any(n)) for n in range(12)]
        put, seen, lock = ObjectStore.put, [], threading.Lock()

        def noted(store: ObjectStore, key: str, data: bytes, content_type: str) -> None:
            with lock:
                seen.append(key)
            put(store, key, data, content_type)

        monkeypatch.setattr(ObjectStore, "put", noted)
        both = [threading.Thread(target=photos.keeper.work) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join(60)
        assert sorted(seen) == sorted(name for photo in sent for name in object_names((OWNER.town, photo)))

    def test_what_waits_is_measured(self, photos: Photos) -> None:
        photos.settings = replace(photos.settings, s3_url=AWAY)
        photos.taken(pictures.encode(pictures.scene()))
        photos.run("update photo set uploaded_at = now() - interval '1 minute'")
        with pytest.raises(StoreAway):
            photos.keeper.work()
        assert REGISTRY.get_sample_value("vigie_photos_waiting") == 1
        assert REGISTRY.get_sample_value("vigie_photos_waiting_seconds") == pytest.approx(60, abs=20)


class TestSweep:
    def test_unnamed_upload_is_forgotten_with_its_objects(self, photos: Photos) -> None:
        late, named, young = (photos.taken(pictures.unlike_any(n)) for n in range(3))
        with photos.pool.connection() as conn:
            repository.claim(conn, [((OWNER.town, OWNER.tool, named), REPORT)])
        photos.keeper.work()
        photos.run("update photo set uploaded_at = now() - interval '25 hours' where id <> %(id)s", id=young)
        photos.keeper.work()
        assert {str(row[0]) for row in photos.run("select id from photo")} == {named, young}
        kept = {entry.key for entry in photos.store.list(OWNER.town)}
        assert kept == {name for photo in (named, young) for name in object_names((OWNER.town, photo))}
        assert photos.show(late).status_code == 410

    def test_upload_that_is_forgotten_before_it_is_stored_is_never_stored(self, photos: Photos) -> None:
        photos.taken(pictures.encode(pictures.scene()))
        photos.run("update photo set uploaded_at = now() - interval '25 hours'")
        with photos.pool.connection() as conn:
            assert repository.forget_unnamed(conn, 24) == 1
        photos.keeper.work()
        assert list(photos.store.list("")) == []
        assert photos.run("select 1 from photo_pending union all select 1 from photo_removal") == []

    def test_upload_that_is_forgotten_while_it_is_stored_leaves_nothing(self, photos: Photos) -> None:
        photos.taken(pictures.encode(pictures.scene()))
        with photos.pool.connection() as conn:
            pending = repository.lease_pending(conn, 60)
        assert pending
        photos.store.put(object_names(pending.key)[0], pending.image, "image/jpeg")
        photos.run("delete from photo")
        with photos.pool.connection() as conn:
            repository.mark_stored(conn, pending.key)
        photos.keeper.work()
        assert list(photos.store.list("")) == []

    def test_removal_waits_for_a_store_that_is_away(self, photos: Photos) -> None:
        photos.taken(pictures.encode(pictures.scene()))
        photos.keeper.work()
        photos.run("update photo set uploaded_at = now() - interval '25 hours'")
        there, photos.settings = photos.settings, replace(photos.settings, s3_url=AWAY)
        with pytest.raises(StoreAway):
            photos.keeper.work()
        photos.settings = there
        photos.make_due()
        photos.keeper.work()
        assert list(photos.store.list("")) == []
        assert photos.run("select 1 from photo_removal") == []


class TestShowing:
    @pytest.mark.parametrize(("size", "longest"), [("full", 1000), ("thumbnail", 400)])
    def test_link_leads_to_the_picture(self, photos: Photos, size: Size, longest: int) -> None:
        photo_id = photos.taken(pictures.encode(pictures.scene(1000, 600)))
        photos.keeper.work()
        response = photos.show(photo_id, size)
        assert response.status_code == 302
        assert max(pictures.decode(_read(response.headers["Location"])).size) == longest

    def test_the_stores_own_address_is_good_for_a_minute_and_only_as_it_is(self, photos: Photos) -> None:
        photo_id = photos.taken(pictures.encode(pictures.scene()))
        photos.keeper.work()
        address = photos.show(photo_id).headers["Location"]
        assert "X-Amz-Expires=60" in address
        for other in (address.partition("?")[0], address.replace("Expires=60", "Expires=61"), address + "0"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                _read(other)
            refused.value.close()

    def test_until_it_is_stored_it_is_too_early(self, photos: Photos) -> None:
        response = photos.show(photos.taken(pictures.encode(pictures.scene())))
        assert (response.status_code, response.headers["Retry-After"]) == (425, "2")

    def test_erased_is_gone(self, photos: Photos) -> None:
        photo_id = photos.taken(pictures.encode(pictures.scene()))
        photos.run("update photo set state = 'erased'")
        assert photos.show(photo_id).status_code == 410

    @pytest.mark.parametrize("token", ["x", "W10.abc", "..%2F..%2Fetc", "a" * 3000])
    def test_any_other_link_leads_nowhere(self, photos: Photos, token: str) -> None:
        assert photos.client.get(f"/photos/{token}").status_code == 404

    def test_photo_of_another_town_is_not_shown_under_this_one(self, photos: Photos) -> None:
        photo_id = photos.taken(pictures.encode(pictures.scene()))
        photos.keeper.work()
        assert photos.show(photo_id, town="arcueil").status_code == 410

    def test_address_is_made_while_the_store_is_away(self, photos: Photos) -> None:
        photo_id = photos.taken(pictures.encode(pictures.scene()))
        photos.keeper.work()
        photos.settings, photos.made = replace(photos.settings, s3_url=AWAY), None
        assert photos.show(photo_id).headers["Location"].startswith("http://127.0.0.1:9/bucket/")


class TestObjectStore:
    def test_missing_object_is_said_to_be_missing(self, photos: Photos) -> None:
        with pytest.raises(ObjectMissing):
            photos.store.get("nothing.jpg")
        with pytest.raises(ObjectMissing):
            photos.store.stat("nothing.jpg")
        photos.store.remove("nothing.jpg")

    def test_what_was_put_can_be_read_listed_and_removed(self, photos: Photos) -> None:
        for name in ("a/1.jpg", "a/2.jpg", "b/1.jpg"):
            photos.store.put(name, name.encode(), "image/jpeg")
        photos.store.put("a/1.jpg", b"again", "image/jpeg")
        assert photos.store.get("a/1.jpg") == b"again"
        assert photos.store.stat("a/1.jpg").size == 5
        assert sorted(entry.key for entry in photos.store.list("a/")) == ["a/1.jpg", "a/2.jpg"]
        photos.store.remove("a/1.jpg")
        assert [entry.key for entry in photos.store.list("a/")] == ["a/2.jpg"]

    def test_wrong_secret_or_bucket_is_the_store_being_away(self, photos: Photos) -> None:
        access, _, rest = photos.settings.s3_url.rpartition("@")
        for url in (f"{access}wrong@{rest}", f"{photos.settings.s3_url}-other"):
            with pytest.raises(StoreAway):
                ObjectStore(url).put("a.jpg", b"x", "image/jpeg")

    def test_server_that_does_not_answer_costs_seconds_not_minutes(self) -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=1) as deaf:
            store = ObjectStore(f"http://a:b@127.0.0.1:{deaf.getsockname()[1]}/bucket")
            began = time.monotonic()
            with pytest.raises(StoreAway):
                store.stat("a.jpg")
        assert time.monotonic() - began < 120

    def test_browsers_may_be_sent_to_another_address(self) -> None:
        store = ObjectStore("http://key:secret@10.0.0.1:9000/photos", "https://photos.example.org")
        assert store.public_origin == "https://photos.example.org"
        assert store.presigned_url("a.jpg").startswith("https://photos.example.org/photos/a.jpg?")
        assert "secret" not in store.presigned_url("a.jpg")


@pytest.fixture
def rclone(tmp_path: Path) -> Iterator[Rclone]:
    """An S3 server that is not started yet."""
    server = Rclone(tmp_path / "objects")
    yield server
    server.stop()


def test_loop_outlives_the_store(photos: Photos, rclone: Rclone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "_PAUSE", 0.1)
    photos.settings = replace(photos.settings, s3_url=rclone.url)
    stopping = threading.Event()
    loop = threading.Thread(target=loops.run, args=(photos.keeper, stopping))
    loop.start()
    try:
        first = photos.taken(pictures.unlike_any(1))
        wait_for(lambda: photos.run("select 1 from photo_pending where attempts > 0") != [])
        assert photos.show(first).status_code == 425
        rclone.start()
        wait_for(lambda: photos.show(first).status_code == 302)
        rclone.stop()
        second = photos.taken(pictures.unlike_any(2))
        wait_for(lambda: photos.run("select 1 from photo_pending where attempts > 0") != [])
        rclone.start()
        wait_for(lambda: photos.show(second).status_code == 302)
    finally:
        stopping.set()
        loop.join(30)
    assert not loop.is_alive()
    assert _read(photos.show(second).headers["Location"]).startswith(b"\xff\xd8\xff")
