"""Why a photo is not taken, or not shown, as clients are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from services.intake.domain.photos import PhotoRefused, Reason
from shared.web import Problem

# Reason → (HTTP status, title). The cleaner's refusals and our own have one vocabulary.
REASONS: Mapping[Reason, tuple[int, Mapping[str, str]]] = {
    "empty": (422, {"fr": "Le fichier est vide.", "en": "The file is empty."}),
    "no_photo": (
        422,
        {
            "fr": "Le formulaire n’a pas exactement un fichier nommé « photo ».",
            "en": "The form does not have exactly one file named “photo”.",
        },
    ),
    "not_a_photo": (
        415,
        {
            "fr": "Seules les photos JPEG, PNG et WebP sont acceptées.",
            "en": "Only JPEG, PNG and WebP photos are accepted.",
        },
    ),
    "too_large": (
        413,
        {"fr": "Le fichier dépasse 15 Mo.", "en": "The file is larger than 15 MB."},
    ),
    "too_many_pixels": (
        413,
        {"fr": "L’image dépasse 40 millions de pixels.", "en": "The image has more than 40 million pixels."},
    ),
    "unreadable": (
        422,
        {"fr": "L’image est incomplète ou abîmée.", "en": "The image is incomplete or damaged."},
    ),
    "too_costly": (
        422,
        {
            "fr": "L’image demande trop de mémoire ou de temps à lire.",
            "en": "The image takes too much memory or time to read.",
        },
    ),
    "busy": (
        429,
        {"fr": "Trop d’envois à la fois : réessayez.", "en": "Too many uploads at once: try again."},
    ),
    "quota_exceeded": (
        429,
        {
            "fr": "Trop de photos attendent leur signalement : envoyez d’abord les signalements.",
            "en": "Too many photos wait for their report: send the reports first.",
        },
    ),
    "unknown_key": (401, {"fr": "Clé absente ou refusée", "en": "Key missing or refused"}),
    "pending": (425, {"fr": "Photo en cours d’enregistrement", "en": "The photo is being stored"}),
    "erased": (410, {"fr": "Photo effacée", "en": "The photo has been erased"}),
}
# Seconds after which it may be otherwise.
_RETRY_AFTER: Mapping[Reason, int] = {"busy": 2, "quota_exceeded": 60, "pending": 2}
# Under another code than the reason, which HTTP has a name for.
_CODES: Mapping[Reason, str] = {"unknown_key": "unauthorized"}
_HEADERS: Mapping[Reason, Mapping[str, str]] = {"unknown_key": {"WWW-Authenticate": 'Bearer realm="photos"'}}


def problem(refused: PhotoRefused) -> Problem:
    """As the client is told of it."""
    reason = refused.reason
    status, title = REASONS[reason]
    again, headers = _RETRY_AFTER.get(reason), _HEADERS.get(reason)
    return Problem(status, _CODES.get(reason, reason), title, retry_after=again, headers=headers)


@contextmanager
def told() -> Iterator[None]:
    """A PhotoRefused inside becomes the problem that the client is told."""
    try:
        yield
    except PhotoRefused as refused:
        raise problem(refused) from None
