"""Photos through the running service: from the upload to the author's page, and bad ones that harm nobody."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e import counts
from tests.e2e.tool import Tool, front_end, submission
from tests.support import pictures
from tests.support.gallery import CLEANED, REFUSED
from tests.support.system import System, wait_until

Answer = tuple[int, dict[str, Any]]


@pytest.fixture
def key(system: System) -> str:
    """The upload key of the town's front end."""
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        return system.vigie("intake", "key", "gentilly", tool.user).strip()


def _upload(system: System, key: str, photo: bytes) -> Answer:
    request = urllib.request.Request(
        f"{system.url('intake-web')}/photos", photo, {"Authorization": f"Bearer {key}"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as response:
        data: bytes = response.read()
        return data


def _is_shown(url: str) -> bool:
    try:
        return _get(url).startswith(b"\xff\xd8\xff")
    except urllib.error.HTTPError as error:
        error.close()
        return False


def test_photo_goes_from_the_upload_to_the_department_and_the_authors_page(system: System, key: str) -> None:
    status, told = _upload(system, key, pictures.turned(6))
    assert status == 201
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        data = submission(1, photos=[told["id"]])
        accepted = tool.ask(tool.event("submission.sent.v1", data))
        again = tool.ask(tool.event("submission.sent.v1", data))
    report = accepted["data"]["report"]
    assert [error["code"] for error in again["data"]["errors"]] == ["unknown_photo"]
    page = wait_until(lambda: _get(report["tracking_url"]).decode(), what="the page is there")
    assert report["reference"] in page
    shown = json.loads(system.vigie("report", "show", report["reference"], "--json"))
    assert [photo["id"] for photo in shown["photos"]] == [told["id"]]
    wait_until(lambda: "<img" in _get(report["tracking_url"]).decode(), what="the photo is stored")
    links = _get(report["tracking_url"]).decode().split('href="')
    [full] = [link.partition('"')[0] for link in links if "/photos/" in link.partition('"')[0]]
    assert _is_shown(full)


def test_gallery_of_bad_photos_harms_no_report(system: System, key: str) -> None:
    """Each is refused or cleaned, and of 20 reports a second meanwhile every one is taken and answered."""
    wanted: dict[str, tuple[int, str | None]] = dict.fromkeys(CLEANED, (201, None))
    wanted |= {name: (status, code) for name, (_, status, code) in REFUSED.items()}
    stored, alone = counts.stored(system), _report_20_a_second(system, lambda: True)
    done = threading.Event()
    with ThreadPoolExecutor(4) as many:
        uploads = {name: many.submit(_patient, system, key, _photo(name)) for name in wanted}
        watch = many.submit(_slowest_health, system, done)
        try:
            late = _report_20_a_second(system, lambda: all(upload.done() for upload in uploads.values()))
        finally:
            done.set()
    found = {name: (upload.result()[0], upload.result()[1].get("code")) for name, upload in uploads.items()}
    assert found == wanted
    assert counts.stored(system) == stored + len(alone) + len(late)
    print(f"\nreceipts at 20/s: alone {_times(alone)}; with the gallery {_times(late)}")
    print(f"slowest /healthz with the gallery: {watch.result() * 1000:.0f} ms")


def _times(took: list[float]) -> str:
    p50, p99 = (took[int(len(took) * part)] * 1000 for part in (0.5, 0.99))
    return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms ({len(took)})"


def _photo(name: str) -> bytes:
    return CLEANED[name] if name in CLEANED else REFUSED[name][0]


def _patient(system: System, key: str, photo: bytes) -> Answer:
    """Upload, and come back as long as there is no place."""
    answers: list[Answer] = []

    def is_taken_up() -> bool:
        answers.append(_upload(system, key, photo))
        return answers[-1][0] != 429

    wait_until(is_taken_up, 120, "there is a place")
    return answers[-1]


def _report_20_a_second(system: System, enough: Callable[[], bool]) -> list[float]:
    """Send 20 reports a second until `enough`, for 5 s at least; how long each receipt took, sorted."""
    sent: dict[str, float] = {}
    took: dict[str, float] = {}
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        while (going := len(sent) < 100 or not enough()) or len(took) < len(sent):
            if going:
                sent[tool.send(tool.event("submission.sent.v1", submission(len(sent))))] = time.monotonic()
            assert len(sent) < 2400, "the gallery takes too long"
            _listen(tool, sent, took)
    assert {answer["type"] for _, answer in tool.answers} == {"submission.accepted.v1"}
    return sorted(took.values())


def _listen(tool: Tool, sent: Mapping[str, float], took: dict[str, float]) -> None:
    """Take the receipts that come within a twentieth of a second."""
    until = time.monotonic() + 0.05
    while (left := until - time.monotonic()) > 0:
        tool.listen(left)
        for event_id, _ in tool.answers[len(took) :]:
            took[event_id] = time.monotonic() - sent[event_id]


def _slowest_health(system: System, done: threading.Event) -> float:
    """The longest time in which `/healthz` answered until `done`, in seconds."""
    slowest = 0.0
    while not done.wait(0.1):
        began = time.monotonic()
        assert _get(f"{system.url('intake-web')}/healthz") == b'{"alive":true}'
        slowest = max(slowest, time.monotonic() - began)
    return slowest
