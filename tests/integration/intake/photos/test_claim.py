"""Which photos a report may have."""

from __future__ import annotations

import pytest

from services.intake.store import photos as repository
from tests.integration.intake.photos.conftest import OWNER, Photos
from tests.support import pictures

REPORT, OTHER = "00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"


def _claim(
    photos: Photos, wanted: dict[str, str], town: str = OWNER.town, tool: str = OWNER.tool
) -> set[str]:
    """Claim those of `wanted` (photo → report) that are free, as the use case does; returns them."""
    with photos.pool.connection() as conn:
        free = repository.lock_free(conn, [(town, tool, photo) for photo in wanted])
        repository.claim(conn, [(named, wanted[named[2]]) for named in free])
        return {photo for *_, photo in free}


@pytest.fixture
def two(photos: Photos) -> list[str]:
    """Two photos that wait to be named."""
    return [photos.taken(pictures.unlike_any(n)) for n in range(2)]


def test_owner_may_name_its_photos(photos: Photos, two: list[str]) -> None:
    assert _claim(photos, {two[0]: REPORT, two[1]: OTHER}) == set(two)
    with photos.pool.connection() as conn:
        [shown] = repository.of_report(conn, OWNER.town, REPORT)
    assert (shown.id, shown.state, shown.width, shown.height) == (two[0], "pending", 120, 80)


def test_photo_has_one_report(photos: Photos, two: list[str]) -> None:
    assert _claim(photos, {two[0]: REPORT}) == {two[0]}
    assert _claim(photos, {two[0]: OTHER, two[1]: OTHER}) == {two[1]}


@pytest.mark.parametrize(("town", "tool"), [("arcueil", OWNER.tool), (OWNER.town, "kiosk")])
def test_nobody_may_name_anothers(photos: Photos, two: list[str], town: str, tool: str) -> None:
    assert _claim(photos, {two[0]: REPORT}, town, tool) == set()


@pytest.mark.parametrize(
    "unknown",
    [
        "",
        "x",
        "4f0c",
        "'; drop table photo --",
        "4F0C62F0-0D6C-4C1F-8D0B-0A4F5F0F6A11",
        REPORT,
        "é" * 4000,
        "\0",
    ],
)
def test_unknown_photo_is_left_out_and_harms_no_other(photos: Photos, two: list[str], unknown: str) -> None:
    assert _claim(photos, {unknown: REPORT, two[0]: REPORT}) == {two[0]}


def test_erased_photo_is_left_out(photos: Photos, two: list[str]) -> None:
    photos.run("update photo set state = 'erased' where id = %(id)s", id=two[0])
    assert _claim(photos, dict.fromkeys(two, REPORT)) == {two[1]}


def test_looking_takes_nothing(photos: Photos, two: list[str]) -> None:
    named = [(OWNER.town, OWNER.tool, photo) for photo in two]
    with photos.pool.connection() as conn:
        assert repository.free(conn, named) == set(named)
    assert _claim(photos, dict.fromkeys(two, OTHER)) == set(two)
    with photos.pool.connection() as conn:
        assert repository.free(conn, named) == set()


def test_no_photo_at_all_is_nothing(photos: Photos) -> None:
    assert _claim(photos, {}) == set()
