"""Photos that come with a step of the form: taken one by one, each for its draft alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import request

from services.intake.domain.drafts import Draft
from services.intake.domain.photos import PhotoRefused
from services.intake.store.photos import Owner
from services.intake.usecases.uploads import Uploads
from services.intake.web.form.fields import FormErrors
from services.intake.web.photo_errors import REASONS, problem
from shared.l10n import Label

NAME = "photo"
LONGEST = 32 * 1024 * 1024  # bytes of a step with its photos
_PLAIN = 64 * 1024  # bytes of one without any
_TOO_MANY = Label("Quatre photos au plus.", "Four photos at the most.")


@contextmanager
def room_for(uploads: Uploads, town: str) -> Iterator[None]:
    """Hold a place among the uploads while a step that may have photos is read. Raises Problem."""
    if (request.content_length or 0) <= _PLAIN:
        yield
        return
    try:
        with uploads.place(Owner(town, request.remote_addr or "")):
            yield
    except PhotoRefused as refused:
        raise problem(refused) from None


def without(draft: Draft, photo: str) -> Draft:
    """The draft less one photo, which is forgotten with those that no report names."""
    return replace(draft, photos=tuple(each for each in draft.photos if each != photo))


def taken(uploads: Uploads, draft: Draft) -> list[str]:
    """The ids of the photos that came with this step. Raises FormErrors, with those that were taken."""
    sent = [file for file in request.files.getlist(NAME) if file.filename]
    ids: list[str] = []
    for file in sent:
        if len(ids) >= draft.free_photos:
            raise FormErrors({NAME: _TOO_MANY.in_language(draft.language)}, {NAME: ids})
        try:
            ids.append(uploads.take(Owner(draft.town, draft.photos_of), file.read()))
        except PhotoRefused as refused:
            words = REASONS[refused.reason][1].in_language(draft.language)
            raise FormErrors({NAME: words}, {NAME: ids}) from None
    return ids


def added(draft: Draft, ids: list[str]) -> Draft:
    """The draft with these photos too, each once."""
    return replace(draft, photos=tuple(dict.fromkeys([*draft.photos, *ids])))
