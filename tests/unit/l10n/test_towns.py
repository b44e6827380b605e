"""A town's name in a sentence."""

from __future__ import annotations

import pytest

from shared.l10n import town_of, town_title


@pytest.mark.parametrize(
    ("name", "language", "named"),
    [
        ("Gentilly", "fr", "ville de Gentilly"),
        ("Arcueil", "fr", "ville d’Arcueil"),
        ("Évry", "fr", "ville d’Évry"),
        ("Le Kremlin-Bicêtre", "fr", "ville du Kremlin-Bicêtre"),
        ("Les Lilas", "fr", "ville des Lilas"),
        ("Ville de Houilles", "fr", "Ville de Houilles"),
        ("Gentilly", "en", "town of Gentilly"),
    ],
)
def test_town_in_a_sentence_and_alone(name: str, language: str, named: str) -> None:
    assert town_of(name, language) == named
    assert town_title(name, language) == named[0].upper() + named[1:]
