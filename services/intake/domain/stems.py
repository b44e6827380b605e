"""The words of a text as they are compared: folded, without those that say nothing, cut to their stems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

from shared.l10n import LANGUAGES, Language

_WORD = re.compile(r"[a-z0-9]+")
_STEMMERS = {
    "fr": snowballstemmer.stemmer("french"),
    "en": snowballstemmer.stemmer("english"),
}
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o"})
_SAY_NOTHING = frozenset(
    _WORD.findall(
        """
        a ai ainsi alors apres arrive as au aucun aucune aussi autour aux avant avec avez avoir avons bas
        beaucoup bien bonjour bonsoir c ca car ce cela ces cet cette chez ci cinq comme d dans de deja
        demande depuis des deux devant dire dit doit donc du elle elles en encore entre est et etaient etait
        ete etre eu eux fait fois font gens gros grosse ici il ils j je jour jours juste k ki l la laisse le
        les leur leurs longtemps lui m ma mais me meme merci mes moi mois mon ne ni nos notre nous n on ont
        ou par partout pas pendant peu peut plein plus pour pourquoi pourriez pouvez pres qu quand que quel
        quelle quelqu quelque qui quoi rien s sa sans se semaine semaines ses si son sont sous sur svp ta
        tant te tel tes toi ton toujours tous tout toute toutes tres trop trois tu u un une va vers veuillez
        viens voici voila vos votre vous vraiment y ya ds pb an and any are at be been but by can could day
        days did do does for from get had has have he hello her here him his how i if in into is it its just
        me month months more my near need needs no not of off on or our out over please she so some somebody
        someone such than thank thanks that the their them then there these they this those to today too
        under up us very was we week weeks were what when where which who will with would you your
        """
    )
)


def folded(text: str) -> str:
    """In lower case, without accents."""
    bare = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(character for character in bare if not unicodedata.combining(character))


def words(text: str) -> list[str]:
    """The words that say something, folded, in their order."""
    return [word for word in _WORD.findall(folded(text)) if word not in _SAY_NOTHING]


@lru_cache(maxsize=65536)
def stem(word: str, language: Language) -> str:
    """What a folded word shares with its plural, feminine and other forms in this language."""
    return str(_STEMMERS[language].stemWord(word))


def stems(word: str) -> Iterator[str]:
    """The stems of a word whose language is not known: one, where both languages agree."""
    yield from {stem(word, language): None for language in LANGUAGES}


@lru_cache(maxsize=65536)
def grams(word: str) -> frozenset[str]:
    """The runs of three characters in a word, its ends marked."""
    marked = f"^{word}$"
    return frozenset(marked[at : at + 3] for at in range(len(marked) - 2))
