"""Why a photo is not taken."""

from __future__ import annotations

from collections.abc import Mapping

from services.intake.domain.photos import Refused
from shared.web import Problem

# Reason → (HTTP status, what is said of it). The cleaner's refusals and our own have one vocabulary.
REASONS: Mapping[str, tuple[int, Mapping[str, str]]] = {
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
}
# Seconds after which it may be otherwise.
_RETRY_AFTER = {"busy": 2, "quota_exceeded": 60}


def refusal(refused: Refused) -> Problem:
    """As it is told to the front end."""
    status, title = REASONS[refused.reason]
    return Problem(status, refused.reason, title, retry_after=_RETRY_AFTER.get(refused.reason))


def unknown_key() -> Problem:
    """No upload key, or one that is not known."""
    return Problem(401, headers={"WWW-Authenticate": 'Bearer realm="photos"'})


def pending() -> Problem:
    """The photo is not in the store yet."""
    title = {"fr": "Photo en cours d’enregistrement", "en": "The photo is being stored"}
    return Problem(425, "pending", title, retry_after=2)


def gone() -> Problem:
    """The photo is not kept any more."""
    return Problem(410, "erased", {"fr": "Photo effacée", "en": "The photo has been erased"})
