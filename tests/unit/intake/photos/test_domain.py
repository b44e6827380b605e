"""What a photo is, by its first bytes."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.photos import PhotoRefused, Reason, media_type
from services.intake.web.photo_errors import REASONS, problem
from tests.support import pictures


@pytest.mark.parametrize(
    ("kind", "expected"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_type_is_told_by_content(kind: str, expected: str) -> None:
    assert media_type(pictures.encode(pictures.scene(), kind)) == expected


@pytest.mark.parametrize(
    "upload",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"GIF89a",
        b"II*\0",
        b"BM",
        b"RIFF\0\0\0\0WAVE",
        b"\0\0\0\x18ftypheic",
        b" \xff\xd8\xff",
    ],
)
def test_anything_else_is_not_a_photo(upload: bytes) -> None:
    with pytest.raises(PhotoRefused, match="not_a_photo"):
        media_type(upload)


def test_nothing_is_empty() -> None:
    with pytest.raises(PhotoRefused, match="empty"):
        media_type(b"")


@given(st.binary(max_size=40))
def test_any_bytes_have_a_type_or_a_reason(upload: bytes) -> None:
    starts = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
    is_photo = upload.startswith(starts) or (upload[:4], upload[8:12]) == (b"RIFF", b"WEBP")
    with nullcontext() if is_photo else pytest.raises(PhotoRefused):
        assert media_type(upload) in ("image/jpeg", "image/png", "image/webp")


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_told_in_both_languages(reason: Reason) -> None:
    told = problem(PhotoRefused(reason))
    assert 400 <= told.status < 500
    assert told.code == ("unauthorized" if reason == "unknown_key" else reason)
    assert told.title.fr != told.title.en
