"""The words of a text as they are compared: folded, without those that say nothing, cut to their stems."""

from __future__ import annotations

import re
import unicodedata
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
        a ai ainsi alors an and any apres are arrive as at au aucun aucune aussi autour aux avant avec avez
        avoir avons bas be beaucoup been bien bonjour bonsoir but by c ca can car ce cela ces cet cette chez
        ci cinq comme could d dans day days de deja demande depuis des deux devant did dire dit do does doit
        donc ds du elle elles en encore entre est et etaient etait ete etre eu eux fait fois font for from
        gens get gros grosse had has have he hello her here him his how i ici if il ils impossible in into
        is it its j je jour jours just juste k ki l la laisse le les leur leurs longtemps lui m ma mais
        marche me meme merci mes moi mois mon month months more my n ne near need needs never ni no nos not
        notre nous of off on ont or ou our out over par partout pas pb pendant peu peut please plein plus
        pour pourquoi pourriez pouvez pres qu quand que quel quelle quelqu quelque qui quoi rien s sa sans
        se semaine semaines ses she si so some somebody someone son sont sous such sur svp ta tant te tel
        tes than thank thanks that the their them then there these they this those to today toi ton too
        toujours tous tout toute toutes tres trois trop trouve tu u un under une up us va vers very veuillez
        viens voici voila vos votre vous vraiment was we week weeks were what when where which who will with
        would y ya you your
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


def stems(word: str) -> set[str]:
    """The stems of a word whose language is not known: one, where both languages agree."""
    return {stem(word, language) for language in LANGUAGES}


@lru_cache(maxsize=65536)
def grams(word: str) -> frozenset[str]:
    """The runs of three characters in a word, its ends marked."""
    marked = f"^{word}$"
    return frozenset(marked[at : at + 3] for at in range(len(marked) - 2))
