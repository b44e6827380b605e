"""Slots for bodies with photos: so many are in memory at once, and nobody holds all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request

from services.intake.domain.photos import PhotoRefused
from services.intake.store.photos import Owner
from services.intake.usecases.uploads import Uploads
from services.intake.web.photo_errors import problem

_PLAIN = 64 * 1024  # bytes of a form without photos
LONGEST_WITH_PHOTOS = 32 * 1024 * 1024  # the most bytes of one with photos


@contextmanager
def slot_for(uploads: Uploads) -> Iterator[None]:
    """Hold a slot among the uploads while the present request, if it may have photos, is read.

    Raises Problem, 429. Who sends it is not known before it is read: its address holds the slot.
    """
    if (request.content_length or 0) <= _PLAIN:
        yield
        return
    try:
        with uploads.slot(Owner("", request.remote_addr or "")):
            yield
    except PhotoRefused as refused:
        raise problem(refused) from None
