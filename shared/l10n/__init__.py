"""Two languages: labels, dates, spaces. Pure; the gettext catalogues are in `catalogues`."""

from shared.l10n.dates import Dates
from shared.l10n.labels import LANGUAGES, Label, Language, language_or_french, primary_tag
from shared.l10n.spaces import colon, quoted, unbroken

__all__ = [
    "LANGUAGES",
    "Dates",
    "Label",
    "Language",
    "colon",
    "language_or_french",
    "primary_tag",
    "quoted",
    "unbroken",
]
