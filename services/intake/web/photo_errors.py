"""Why a photo is not taken, or not shown, as clients are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from services.intake.domain.photos import PhotoRefused, Reason
from shared.l10n import Label
from shared.web import Problem

# Reason → (HTTP status, title). The cleaner's refusals and our own have one vocabulary.
REASONS: Mapping[Reason, tuple[int, Label]] = {
    "empty": (422, Label("Le fichier est vide.", "The file is empty.")),
    "no_photo": (
        422,
        Label(
            "Le formulaire n’a pas exactement un fichier nommé « photo ».",
            "The form does not have exactly one file named “photo”.",
        ),
    ),
    "not_a_photo": (
        415,
        Label(
            "Seules les photos JPEG, PNG et WebP sont acceptées.",
            "Only JPEG, PNG and WebP photos are accepted.",
        ),
    ),
    "too_large": (
        413,
        Label("Le fichier dépasse 15 Mo.", "The file is larger than 15 MB."),
    ),
    "too_many_pixels": (
        413,
        Label("L’image dépasse 40 millions de pixels.", "The image has more than 40 million pixels."),
    ),
    "unreadable": (
        422,
        Label("L’image est incomplète ou abîmée.", "The image is incomplete or damaged."),
    ),
    "too_costly": (
        422,
        Label(
            "L’image demande trop de mémoire ou de temps à lire.",
            "The image takes too much memory or time to read.",
        ),
    ),
    "busy": (
        429,
        Label("Trop d’envois à la fois : réessayez.", "Too many uploads at once: try again."),
    ),
    "quota_exceeded": (
        429,
        Label(
            "Trop de photos attendent leur signalement : envoyez d’abord les signalements.",
            "Too many photos wait for their report: send the reports first.",
        ),
    ),
    "unknown_key": (401, Label("Clé absente ou refusée", "Key missing or refused")),
    "pending": (425, Label("Photo en cours d’enregistrement", "The photo is being stored")),
    "erased": (410, Label("Photo effacée", "The photo has been erased")),
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
