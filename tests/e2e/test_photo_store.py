"""Photos on their way to the department, and an S3 server that goes away and comes back."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.e2e.tool import agent_tool, codes, front_end, submission
from tests.support import pictures
from tests.support.ground import Ground
from tests.support.s3 import PrivateStore
from tests.support.system import System, wait_until

DESK = "desk.gentilly.voirie"
Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateStore]:
    own = PrivateStore(tmp_path_factory.mktemp("objects"))
    own.start()
    yield own
    own.stop()


@pytest.fixture(scope="module")
def own(make_ground: Callable[[], Ground], store: PrivateStore) -> Iterator[System]:
    """A Vigie whose photos go to `store`."""
    with make_ground() as ground:
        system = System(ground, S3_URL=store.url)
        try:
            system.start()
            system.apply_town()
            yield system
        finally:
            system.close()


@pytest.fixture(scope="module")
def key(own: System) -> str:
    """The upload key of Gentilly's front end, as the local stack registers it."""
    given = own.values["FRONT_API_KEY"]
    return own.vigie("intake", "key", "gentilly", "gentilly-web", "--key", given).strip()


def _get(url: str) -> Answer:
    """The answer itself, wherever it points to."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def _upload(system: System, key: str, photo: bytes) -> str:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/octet-stream"}
    request = urllib.request.Request(f"{system.url('intake-web')}/photos", photo, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 201
        return str(json.load(answer)["id"])


def _routed_with(system: System, photos: list[str]) -> list[dict[str, str]]:
    """The photos as the department gets them."""
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        answer = tool.ask(tool.event("submission.sent.v1", submission(1, photos=photos)))
    assert answer["type"] == "submission.accepted.v1", codes(answer)
    with agent_tool(system.values["AGENT_AMQP_URL"]) as desk:
        [event] = desk.take(DESK, 1)
    assert event["data"]["report"]["id"] == answer["data"]["report"]["id"]
    shown: list[dict[str, str]] = event["data"]["report"]["photos"]
    return shown


def _is_stored(url: str) -> bool:
    return _get(url)[0] == 302


def _photo(url: str) -> bytes:
    """What the store gives to who follows the address."""
    wait_until(lambda: _is_stored(url), 60, "the photo is stored")
    status, headers, _ = _get(url)
    assert status == 302
    status, _, photo = _get(headers["Location"])
    assert status == 200
    return photo


def _is_upright(photo: bytes) -> bool:
    image = pictures.decode(photo).convert("RGB")
    width, height = image.size
    places = ((width // 4, height // 4), (width * 3 // 4, height // 4), (width // 2, height * 3 // 4))
    colours = zip(places, (pictures.RED, pictures.GREEN, pictures.BLUE), strict=True)
    return all(_near(image.getpixel(place), colour) for place, colour in colours)


def _near(seen: Any, wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(seen, wanted, strict=True))


def test_four_photos_come_to_the_department_upright_and_clean(own: System, key: str) -> None:
    sent = [
        pictures.turned(6),
        pictures.turned(3, "WEBP"),
        pictures.turned(8),
        pictures.encode(pictures.scene(), "PNG"),
    ]
    named = [_upload(own, key, photo) for photo in sent]
    photos = _routed_with(own, named)
    assert [photo["id"] for photo in photos] == named
    for photo in photos:
        for kept in (_photo(photo["url"]), _photo(photo["thumbnail_url"])):
            assert set(pictures.segments(kept)) <= {0xE0, 0xDB, 0xC2, 0xC4}, "a segment of metadata"
            assert not pictures.decode(kept).getexif()
            assert b"Ada" not in kept
            assert _is_upright(kept)


def test_an_address_opens_for_a_minute_and_nothing_else_does(own: System, key: str) -> None:
    [photo] = _routed_with(own, [_upload(own, key, pictures.unlike_any(2))])
    assert _photo(photo["url"])
    location = urlsplit(_get(photo["url"])[1]["Location"])
    assert parse_qs(location.query)["X-Amz-Expires"] == ["60"]
    assert _get(location._replace(query="").geturl())[0] in (400, 403), "without a signature"
    assert _get(f"{photo['url'][:-1]}{'A' if photo['url'][-1] != 'A' else 'B'}")[0] == 404


def test_a_report_is_taken_while_the_store_is_away_and_its_photo_is_kept(
    own: System, key: str, store: PrivateStore
) -> None:
    [before] = _routed_with(own, [_upload(own, key, pictures.unlike_any(3))])
    assert _photo(before["url"])
    store.stop()
    [photo] = _routed_with(own, [_upload(own, key, pictures.unlike_any(4))])
    status, headers, body = _get(photo["url"])
    assert (status, json.loads(body)["code"]) == (425, "pending")
    assert int(headers["Retry-After"]) > 0
    wait_until(lambda: _waiting(own) == 1, what="one photo waits")
    assert _get(f"{own.url('intake-web')}/readyz")[0] == 200
    store.start()
    assert _is_upright(_photo(photo["url"]))
    assert _is_upright(_photo(photo["thumbnail_url"]))
    wait_until(lambda: _waiting(own) == 0, what="no photo waits")
    assert _photo(before["url"])


def _waiting(system: System) -> float:
    """Photos that wait for the store, as the metrics say."""
    lines = _get(f"{system.url('intake')}/metrics")[2].decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("vigie_photos_waiting "))


def test_five_photos_and_an_unknown_one_are_refused_and_hold_none(own: System, key: str) -> None:
    ids = [_upload(own, key, pictures.unlike_any(10 + n)) for n in range(5)]
    wrong: dict[str, tuple[list[str], set[tuple[str, str]]]] = {
        "five": (ids, {("/data/photos", "too_many")}),
        "nobody's": ([ids[0], "01890000-0000-4000-8000-000000000000"], {("/data/photos/1", "unknown_photo")}),
    }
    with front_end(own.values["FRONT_AMQP_URL"]) as tool:
        for photos, expected in wrong.values():
            answer = tool.ask(tool.event("submission.sent.v1", submission(1, photos=photos)))
            assert codes(answer) == expected
        good = tool.ask(tool.event("submission.sent.v1", submission(1, photos=ids[:4])))
        again = tool.ask(tool.event("submission.sent.v1", submission(1, photos=ids[:1])))
    assert good["type"] == "submission.accepted.v1", "what was refused holds no photo"
    assert codes(again) == {("/data/photos/0", "unknown_photo")}


@pytest.mark.parametrize(
    "key_given", ["", "Bearer ", "Bearer wrong-key-wrong-key-wrong-key", "Basic Z2VudGlsbHk6eA=="]
)
def test_nobody_uploads_without_a_key(own: System, key_given: str) -> None:
    headers = {"Authorization": key_given, "Content-Type": "image/jpeg"}
    request = urllib.request.Request(f"{own.url('intake-web')}/photos", pictures.unlike_any(1), headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)
    with refused.value as answer:
        assert answer.code == 401
