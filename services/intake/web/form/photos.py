"""Photos that come with a step of the form: taken one by one, each for its draft alone."""

from __future__ import annotations

from dataclasses import replace

from flask import request

from services.intake.domain.drafts import Draft
from services.intake.domain.photos import PhotoRefused
from services.intake.domain.submissions import Place
from services.intake.store.photos import Owner
from services.intake.usecases.uploads import Taken, Uploads
from services.intake.web.photo_errors import REASONS
from shared.l10n import Label

NAME = "photo"
TOO_MANY = Label("Quatre photos au plus.", "Four photos at the most.")


def without(draft: Draft, photo: str) -> Draft:
    """The draft less one photo, which is forgotten with those that no report names."""
    return replace(draft, photos=tuple(each for each in draft.photos if each != photo))


def with_those_sent(uploads: Uploads, draft: Draft) -> tuple[Draft, dict[str, str]]:
    """The draft with the photos that came with this step, and what is wrong where one is not taken."""
    for file in request.files.getlist(NAME):
        if not file.filename:
            continue
        if not draft.free_photos:
            return draft, {NAME: TOO_MANY.in_language(draft.language)}
        try:
            draft = _with(draft, uploads.take(Owner(draft.town, draft.photos_of), file.read()))
        except PhotoRefused as refused:
            return draft, {NAME: REASONS[refused.reason][1].in_language(draft.language)}
    return draft, {}


def _with(draft: Draft, taken: Taken) -> Draft:
    """The draft with this photo too, and the offer to take its place; each once."""
    place = Place(*taken.place) if taken.place and draft.place is None else None
    kept = tuple(dict.fromkeys([*draft.photos, taken.id]))
    return replace(draft, photos=kept, offered=draft.offered or place)
