"""Masking what names or reaches a person."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.masking import MASKS, find, masked


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("Appelez-moi au 06 12 34 56 78, merci", "phone", "06 12 34 56 78"),
        ("tel 0145460000", "phone", "0145460000"),
        ("+33 (0)6.12.34.56.78 le soir", "phone", "+33 (0)6.12.34.56.78"),
        ("+44 20 7946 0958", "phone", "+44 20 7946 0958"),
        ("écrire à ada.lovelace+rue@example.org svp", "email", "ada.lovelace+rue@example.org"),
        ("ada (at) example.org", "email", "ada (at) example.org"),
        ("zoé@mairie-gentilly.fr.", "email", "zoé@mairie-gentilly.fr"),
        ("la voiture AB-123-CD gêne", "plate", "AB-123-CD"),
        ("immatriculée ab-123-cd", "plate", "ab-123-cd"),
        ("AB 123 CD garé là", "plate", "AB 123 CD"),
        ("une épave 1234 XY 94", "plate", "1234 XY 94"),
        ("FR76 3000 6000 0112 3456 7890 189", "iban", "FR76 3000 6000 0112 3456 7890 189"),
        ("DE89370400440532013000", "iban", "DE89370400440532013000"),
        ("c'est Monsieur Dupont qui jette", "name", "Dupont"),
        ("Mme Le Goff-Martin a vu", "name", "Le Goff-Martin"),
        ("mon voisin M. Jean de La Fontaine crie", "name", "Jean de La Fontaine"),
        ("Mrs Hopper lives there", "name", "Hopper"),
        ("M Dupont", "name", "Dupont"),
        ("M.Dupont", "name", "Dupont"),
        ("Messieurs Durand", "name", "Durand"),
        ("le docteur Martin", "name", "Martin"),
        ("ada @ example.org", "email", "ada @ example.org"),
        ("ada arobase example.org", "email", "ada arobase example.org"),
        ("MADAME ÉLODIE D'ARC", "name", "ÉLODIE D'ARC"),
    ],
)
def test_each_is_found_alone(text: str, kind: str, part: str) -> None:
    [found] = find(text)
    assert (found.kind, text[found.start : found.end]) == (kind, part)
    assert masked(text) == text.replace(part, MASKS[found.kind].fr)
    assert masked(text, "en") == text.replace(part, MASKS[found.kind].en)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Un trou de 30 cm devant le 12 rue Charles-Frérot, 94250 Gentilly",
        "Madame, Monsieur, le lampadaire n° 4512 est éteint",
        "Monsieur le Maire, la rue est sale",
        "Madame la Directrice de l'école",
        "depuis le 24/11/2026 à 18 h 30, bus 57, A6b, RER B",
        "GEN-7K3M-9QX2",
        "12 rue du 94e régiment",
        "devant le 123 de la rue",
        "DEVANT LE 123 DE LA RUE",
        "entre 10 et 12 heures, 3 sacs de 20 kg",
        "FR76 3000 6000 0112 3456 7890 188",
    ],
)
def test_nothing_else_is_masked(text: str) -> None:
    assert masked(text) == text


def test_two_numbers_side_by_side_are_both_masked() -> None:
    assert masked("0612345678/0781234567") == "[téléphone masqué]/[téléphone masqué]"


def test_several_are_masked_each_by_its_word() -> None:
    text = "Mme Hopper, 06 12 34 56 78 ou grace@example.org, voiture AB-123-CD"
    assert (
        masked(text) == "Mme [nom masqué], [téléphone masqué] ou [adresse masquée], voiture [plaque masquée]"
    )


@settings(deadline=None)
@given(st.text(max_size=200))
def test_whatever_is_written_can_be_masked_and_is_masked_once(text: str) -> None:
    once = masked(text)
    assert masked(once) == once
    assert not find(once)


@settings(deadline=None)
@given(
    st.text(st.characters(categories=["Ll", "Zs"]), max_size=30),
    st.sampled_from(["06 12 34 56 78", "ada@example.org", "AB-123-CD", "FR7630006000011234567890189"]),
)
def test_it_is_found_wherever_it_stands(around: str, part: str) -> None:
    assert part not in masked(f"{around} {part} {around}")
