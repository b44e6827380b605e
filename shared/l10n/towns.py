"""A town's name in a sentence, as French contracts it."""

from __future__ import annotations

_NAMED = ("ville ", "commune ", "mairie ", "town ", "city ")


def town_of(name: str, language: str) -> str:
    """The town as it stands in a sentence after an article: `ville de Gentilly`, `ville du Kremlin-Bicêtre`.

    A name that says so itself (`Ville de Houilles`) stays as it is, for what no rule of French settles.
    """
    if name.lower().startswith(_NAMED):
        return name
    if language == "en":
        return f"town of {name}"
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return f"ville {contracted}{name.removeprefix(article)}"
    return f"ville d’{name}" if name[:1].upper() in "AEIOUYÀÂÉÈÊÎÔH" else f"ville de {name}"


def town_title(name: str, language: str) -> str:
    """The same where it stands alone: `Ville de Gentilly`."""
    title = town_of(name, language)
    return title[:1].upper() + title[1:]
