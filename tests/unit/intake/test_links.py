"""Links that carry their own proof."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain import signing
from services.intake.domain.links import Links, Size

SECRET = "a" * 64
BASE = "https://signaler.example.org"
LINKS = Links(BASE, SECRET)
PHOTO = "4f0c62f0-0d6c-4c1f-8d0b-0a4f5f0f6a11"

slugs = st.from_regex(r"[a-z0-9](-?[a-z0-9])*", fullmatch=True)
some_ids = st.uuids().map(str)


def _token(url: str) -> str:
    return url.rpartition("/")[2]


@given(slugs, some_ids)
def test_tracking_link_leads_back_to_its_report(town: str, report: str) -> None:
    url = LINKS.tracking(town, report)
    assert url == LINKS.tracking(town, report)
    assert LINKS.tracked(_token(url)) == (town, report)


@given(slugs, some_ids, st.sampled_from(["full", "thumbnail"]))
def test_photo_link_leads_back_to_its_photo(town: str, photo: str, size: Size) -> None:
    url = LINKS.photo(town, photo, size)
    assert LINKS.shown(_token(url)) == (town, photo, size)


@given(st.data())
def test_altered_link_leads_nowhere(data: st.DataObject) -> None:
    token = _token(LINKS.tracking("gentilly", PHOTO))
    at = data.draw(st.integers(0, len(token) - 2))  # base64's last character has bits that say nothing
    other = data.draw(st.sampled_from("abcXYZ019-_.").filter(lambda c: c != token[at]))
    assert LINKS.tracked(token[:at] + other + token[at + 1 :]) is None


@pytest.mark.parametrize("token", ["", ".", "a.b", "é", "x" * 5000, "W10.AAAA"])
def test_any_other_text_leads_nowhere(token: str) -> None:
    assert LINKS.tracked(token) is None
    assert LINKS.shown(token) is None


def test_link_of_one_purpose_or_secret_is_no_good_for_another() -> None:
    token = _token(LINKS.photo("gentilly", PHOTO, "full"))
    assert LINKS.tracked(token) is None
    assert Links(BASE, "b" * 64).shown(token) is None


def test_signature_is_good_for_its_purpose_alone() -> None:
    token = signing.sign(SECRET, "tracking", "gentilly", PHOTO)
    assert signing.read(SECRET, "tracking", token, 2) == ["gentilly", PHOTO]
    assert signing.read(SECRET, "confirmation", token, 2) is None
    assert signing.read(SECRET, "tracking", token, 3) is None


def test_unknown_size_leads_nowhere() -> None:
    assert LINKS.shown(signing.sign(SECRET, "photo", "gentilly", PHOTO, "original")) is None
