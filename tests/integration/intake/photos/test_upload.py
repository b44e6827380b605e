"""Uploads over HTTP: who may, in which form, once each, and not too many at a time."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from werkzeug.test import EnvironBuilder

from services.intake.domain.photos import Volume
from services.intake.photos import cleaning
from services.intake.store import photos as repository
from services.intake.store.photos import Owner
from tests.integration.intake.photos.conftest import KEY, OWNER, Photos
from tests.support import pictures


class TestKeys:
    @pytest.mark.parametrize(
        "authorization",
        [None, "", "Bearer", "Bearer ", f"Basic {KEY}", "Bearer wrong", f"Bearer {KEY}x", "Bearer é\0"],
    )
    def test_without_a_good_key_nothing_is_taken(self, photos: Photos, authorization: str | None) -> None:
        headers = {"Authorization": authorization} if authorization is not None else {}
        response = photos.client.post("/photos", data=pictures.encode(pictures.scene()), headers=headers)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert photos.run("select 1 from photo") == []

    def test_revoked_key_is_no_key(self, photos: Photos) -> None:
        with photos.pool.connection() as conn:
            assert repository.revoke_keys(conn, OWNER) == 1
        assert photos.upload(pictures.encode(pictures.scene())).status_code == 401

    def test_key_itself_is_nowhere(self, photos: Photos) -> None:
        [(kept,)] = photos.run("select api_key::text from api_key")
        assert KEY not in str(kept)


class TestForms:
    def test_body_is_the_photo(self, photos: Photos) -> None:
        photo_id = photos.taken(pictures.encode(pictures.scene()))
        assert photos.run(
            "select town, owner, state, report_id from photo where id = %(id)s", id=photo_id
        ) == [(OWNER.town, OWNER.tool, "pending", None)]

    def test_form_holds_the_photo(self, photos: Photos) -> None:
        file = (io.BytesIO(pictures.encode(pictures.scene())), "../../etc/\u202epasswd.php", "text/html")
        response = photos.client.post(
            "/photos", data={"photo": file}, headers={"Authorization": f"Bearer {KEY}"}
        )
        assert response.status_code == 201

    @pytest.mark.parametrize("fields", [[], ["picture"], ["photo", "photo"], ["photo", "other"]])
    def test_form_with_anything_else_is_refused(self, photos: Photos, fields: list[str]) -> None:
        headers = [("Authorization", f"Bearer {KEY}")]
        builder = EnvironBuilder("/photos", method="POST", headers=headers)
        builder.content_type = "multipart/form-data"
        for name in fields:
            builder.files.add_file(name, io.BytesIO(pictures.encode(pictures.scene())), "a.jpg")
        response = photos.client.open(builder)
        assert (response.status_code, response.get_json(force=True)["code"]) == (422, "no_photo")

    def test_header_and_name_say_nothing_of_the_type(self, photos: Photos) -> None:
        png = pictures.encode(pictures.scene(), "PNG")
        response = photos.upload(png, {"Content-Type": "image/jpeg"})
        [(kept,)] = photos.run("select uploaded_type from photo")
        assert (response.status_code, kept) == (201, "image/png")

    def test_reason_is_told_in_the_clients_language(self, photos: Photos) -> None:
        english = photos.upload(b"<svg/>", {"Accept-Language": "en"}).get_json(force=True)
        assert english["title"] == "Only JPEG, PNG and WebP photos are accepted."
        assert photos.upload(b"<svg/>").get_json(force=True)["title"].startswith("Seules")

    def test_database_away_is_told_as_such(self, photos: Photos) -> None:
        photos.pool.close()
        assert photos.upload(b"x").status_code == 503


class TestSamePhoto:
    def test_twice_is_once(self, photos: Photos) -> None:
        photo = pictures.encode(pictures.scene())
        assert photos.taken(photo) == photos.taken(photo)
        assert photos.run("select count(*) from photo") == [(1,)]

    def test_at_the_same_moment_is_once(self, photos: Photos) -> None:
        photo = pictures.encode(pictures.scene())
        with ThreadPoolExecutor(6) as many:
            assert len(set(many.map(photos.taken, [photo] * 6))) == 1
        assert photos.run("select (select count(*) from photo), (select count(*) from photo_pending)") == [
            (1, 1)
        ]

    def test_of_another_front_end_or_town_is_another(self, photos: Photos) -> None:
        photo, found = pictures.encode(pictures.scene()), [photos.taken(pictures.encode(pictures.scene()))]
        for owner in (Owner("gentilly", "kiosk"), Owner("arcueil", "front-web")):
            key = f"key-of-{owner.town}-{owner.tool}"
            with photos.pool.connection() as conn:
                repository.add_key(conn, owner, key)
            found.append(photos.upload(photo, {"Authorization": f"Bearer {key}"}).get_json()["id"])
        assert len(set(found)) == 3

    def test_photo_that_a_report_has_may_be_sent_for_another_report(self, photos: Photos) -> None:
        photo = pictures.encode(pictures.scene())
        first = photos.taken(photo)
        with photos.pool.connection() as conn:
            repository.claim(
                conn, [((OWNER.town, OWNER.tool, first), "00000000-0000-7000-8000-000000000001")]
            )
        assert photos.taken(photo) != first

    def test_sent_again_it_waits_anew(self, photos: Photos) -> None:
        photo = pictures.encode(pictures.scene())
        photos.taken(photo)
        photos.run("update photo set uploaded_at = now() - interval '23 hours'")
        photos.taken(photo)
        assert photos.run("select now() - uploaded_at < interval '1 hour' from photo") == [(True,)]


class TestQuota:
    def test_photos_beyond_it_are_refused_until_a_report_names_some(self, photos: Photos) -> None:
        photos.settings = replace(photos.settings, quota=Volume(3, 1 << 30))
        first, *_ = [photos.taken(pictures.unlike_any(n)) for n in range(3)]
        refused = photos.upload(pictures.unlike_any(9), {"Accept-Language": "en"})
        told = refused.get_json(force=True)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
        assert (told["code"], told["title"][:20]) == ("quota_exceeded", "Too many photos wait")
        assert (
            photos.upload(pictures.unlike_any(9)).get_json(force=True)["title"].startswith("Trop de photos")
        )
        _name(photos, first)
        photos.taken(pictures.unlike_any(9))

    def test_bytes_beyond_it_are_refused(self, photos: Photos) -> None:
        photos.taken(pictures.unlike_any(1))
        [(kept,)] = photos.run("select size + thumbnail_size from photo")
        photos.made, photos.settings = (
            None,
            replace(photos.settings, quota=Volume(100, int(str(kept)) * 5 // 2)),
        )
        photos.taken(pictures.unlike_any(2))
        refused = photos.upload(pictures.unlike_any(3))
        assert (refused.status_code, refused.get_json(force=True)["code"]) == (429, "quota_exceeded")

    def test_photo_that_waits_already_is_found_again(self, photos: Photos) -> None:
        photos.settings = replace(photos.settings, quota=Volume(1, 1 << 30))
        assert photos.taken(pictures.unlike_any(1)) == photos.taken(pictures.unlike_any(1))

    def test_forgotten_photos_do_not_count(self, photos: Photos) -> None:
        photos.settings = replace(photos.settings, quota=Volume(1, 1 << 30))
        photos.taken(pictures.unlike_any(1))
        photos.run("update photo set uploaded_at = now() - interval '25 hours'")
        photos.keeper.work()
        photos.taken(pictures.unlike_any(2))

    def test_another_front_end_has_its_own(self, photos: Photos) -> None:
        photos.settings = replace(photos.settings, quota=Volume(1, 1 << 30))
        photos.taken(pictures.unlike_any(1))
        for owner in (Owner(OWNER.town, "kiosk"), Owner("arcueil", OWNER.tool)):
            assert photos.upload(pictures.unlike_any(2), _key_of(photos, owner)).status_code == 201

    def test_is_exact_for_uploads_at_the_same_moment(
        self, photos: Photos, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        photos.settings = replace(photos.settings, quota=Volume(3, 1 << 30), cleaners=6)
        real, all_cleaned = cleaning.clean, threading.Barrier(6)

        def together(upload: bytes) -> object:
            photo = real(upload)
            all_cleaned.wait(60)
            return photo

        monkeypatch.setattr(cleaning, "clean", together)
        with ThreadPoolExecutor(6) as many:
            answers = list(many.map(photos.upload, [pictures.unlike_any(n) for n in range(6)]))
        assert sorted(answer.status_code for answer in answers) == [201] * 3 + [429] * 3
        assert photos.run("select count(*) from photo") == [(3,)]


def _name(photos: Photos, photo_id: str) -> None:
    """As a report does that names the photo."""
    with photos.pool.connection() as conn:
        named = (OWNER.town, OWNER.tool, photo_id)
        repository.claim(conn, [(named, "00000000-0000-7000-8000-000000000001")])


def _key_of(photos: Photos, owner: Owner) -> dict[str, str]:
    """The header with a key of this front end."""
    key = f"key-of-{owner.town}-{owner.tool}"
    with photos.pool.connection() as conn:
        repository.add_key(conn, owner, key)
    return {"Authorization": f"Bearer {key}"}


class TestTooManyAtOnce:
    def test_front_end_with_its_share_leaves_places_to_others(
        self, photos: Photos, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        photos.settings = replace(photos.settings, uploads=3, uploads_per_front_end=2, cleaners=3)
        inside, go_on = threading.Barrier(3), threading.Event()
        real = cleaning.clean

        def held(upload: bytes) -> object:
            inside.wait(20)
            assert go_on.wait(20)
            return real(upload)

        other = _key_of(photos, Owner(OWNER.town, "kiosk"))
        monkeypatch.setattr(cleaning, "clean", held)
        with ThreadPoolExecutor(2) as many:
            running = [many.submit(photos.taken, pictures.unlike_any(n)) for n in range(2)]
            inside.wait(20)
            refused = photos.upload(pictures.unlike_any(9))
            monkeypatch.undo()
            taken = photos.upload(pictures.unlike_any(9), other)
            go_on.set()
            assert len({future.result() for future in running}) == 2
        assert (refused.status_code, refused.get_json(force=True)["code"]) == (429, "busy")
        assert taken.status_code == 201

    def test_uploads_beyond_the_gate_are_told_to_come_back(
        self, photos: Photos, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        photos.settings = replace(photos.settings, uploads=2, cleaners=2)
        inside, go_on = threading.Barrier(3), threading.Event()
        real = cleaning.clean

        def held(upload: bytes) -> object:
            inside.wait(20)
            assert go_on.wait(20)
            return real(upload)

        monkeypatch.setattr(cleaning, "clean", held)
        with ThreadPoolExecutor(2) as many:
            running = [many.submit(photos.taken, pictures.unlike_any(n)) for n in range(2)]
            inside.wait(20)
            refused = photos.upload(pictures.unlike_any(9))
            go_on.set()
            assert len({future.result() for future in running}) == 2
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
        monkeypatch.undo()
        photos.taken(pictures.unlike_any(9))

    def test_no_more_are_cleaned_at_once_than_there_are_places(
        self, photos: Photos, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        photos.settings = replace(photos.settings, uploads=8, uploads_per_front_end=8, cleaners=2)
        real, lock, running, most = cleaning.clean, threading.Lock(), [0], [0]

        def counted(upload: bytes) -> object:
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            try:
                return real(upload)
            finally:
                with lock:
                    running[0] -= 1

        monkeypatch.setattr(cleaning, "clean", counted)
        with ThreadPoolExecutor(8) as many:
            assert len(set(many.map(photos.taken, [pictures.unlike_any(n) for n in range(16)]))) == 16
        assert most[0] == 2
