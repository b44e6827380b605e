"""Two languages: labels, dates, spaces, towns' names. Pure; the gettext catalogues are in `catalogues`."""

from shared.l10n.dates import Dates
from shared.l10n.labels import LANGUAGES, Label, Language, language_or_french, primary_tag
from shared.l10n.places import coordinates
from shared.l10n.spaces import colon, quoted, unbroken
from shared.l10n.towns import town_of, town_title

__all__ = [
    "LANGUAGES",
    "Dates",
    "Label",
    "Language",
    "colon",
    "coordinates",
    "language_or_french",
    "primary_tag",
    "quoted",
    "town_of",
    "town_title",
    "unbroken",
]
