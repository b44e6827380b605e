"""What people have written does no harm in a mail."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.mail import quoting as texts


def hidden(text: str) -> set[str]:
    """Characters that control, break or turn a line, or cannot be written."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") or c in "\u202e\u2066"}


@given(st.text())
def test_one_line_is_one_printable_line(text: str) -> None:
    line = texts.one_line(text)

    assert not hidden(line)
    assert len(line.splitlines()) <= 1
    assert texts.one_line(line) == line


@given(st.text())
def test_many_lines_hide_nothing(text: str) -> None:
    shown = texts.many_lines(text)

    assert hidden(shown) <= {"\n", "\t"}


@given(st.text(alphabet=st.sampled_from("aé .:/@w-<>\n"), max_size=60))
def test_no_link_survives(text: str) -> None:
    safe = texts.without_links(text)

    assert "://" not in safe
    assert "@" not in safe
    assert "www." not in safe


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Voir https://evil.example/a?b ici", "Voir […] ici"),
        ("www.evil.example", "[…]"),
        ("evil.example/gain", "[…]"),
        ("écrire à a@b.example svp", "écrire à […] svp"),
        ("12 rue Charles-Frérot, bât. B/C", "12 rue Charles-Frérot, bât. B/C"),
        ("Trou.Il y en a deux", "Trou.Il y en a deux"),
    ],
)
def test_links_are_taken_out_and_sentences_stay(text: str, safe: str) -> None:
    assert texts.without_links(text) == safe


@given(st.text(max_size=600), st.integers(1, 300))
def test_an_excerpt_is_a_beginning(text: str, length: int) -> None:
    cut = texts.excerpt(text, length)

    assert len(cut) <= length + 2
    assert text.startswith(cut.removesuffix(" …")) or cut == text


@pytest.mark.parametrize("name", ["Ada", "Jean-Éric", "D’Arcy", "María José", "Nguyễn", "J. P."])
def test_a_name_is_greeted(name: str) -> None:
    assert texts.first_name(name) == name


@pytest.mark.parametrize("name", ["Gagnez 1000€ sur http://x.example", "<b>x</b>", "a@b", "x" * 41, ""])
def test_what_is_no_name_is_not_greeted(name: str) -> None:
    assert texts.first_name(name) == ""
