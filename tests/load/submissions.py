"""What citizens send in the bench: real kinds of trouble, places in and around Gentilly, invented people."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from shared import clock

# Category, what is written, where (latitude, longitude, address; nowhere for some), in which language. Five
# of seven are for a department, one for an authority, one for somebody to decide.
_KINDS: tuple[tuple[str, str, tuple[float, float, str] | None, str], ...] = (
    ("voirie/nid-de-poule", "Un trou profond devant l'école.", (48.8130, 2.3420, "12 rue Frérot"), "fr"),
    ("proprete/depot-sauvage", "Un matelas sur le trottoir.", (48.8142, 2.3452, "rue de la Paix"), "fr"),
    ("proprete/depot-sauvage", "Des gravats depuis samedi.", (48.8121, 2.3431, "rue du Val"), "fr"),
    (
        "eclairage/lampadaire-eteint",
        "The lamp has been out for days.",
        (48.8118, 2.3437, "rue Bensaïd"),
        "en",
    ),
    ("voirie/nid-de-poule", "La chaussée est défoncée.", (48.8135, 2.3445, "rue Lafouge"), "fr"),
    ("dechets/bac-non-collecte", "Le bac jaune n'a pas été vidé.", None, "fr"),
    ("voirie/nid-de-poule", "Je ne sais plus bien où c'était.", (48.7000, 2.1000, "près de l'étang"), "fr"),
)
_WORDS = (
    "trottoir",
    "chaussée",
    "école",
    "dangereux",
    "cassé",
    "éteint",
    "profond",
    "depuis",
    "devant",
    "mur",
)
# Half as many people as reports: some send several in a year.
_PEOPLE_PER_REPORT = 0.5


@dataclass(frozen=True, slots=True)
class Submission:
    """A `submission.sent.v1`: its id, its body, and whose it is."""

    id: str
    body: bytes
    email: str


def submissions(count: int, seed: int) -> Iterator[Submission]:
    """`count` submissions; the same ones for the same seed, but for their ids and times."""
    chance = random.Random(seed)
    people = max(1, int(count * _PEOPLE_PER_REPORT))
    for _ in range(count):
        event_id = str(uuid.uuid4())
        data = _data(chance, seed, people)
        yield Submission(event_id, orjson.dumps(_event(event_id, data)), data["citizen"]["email"])


def _event(event_id: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": "urn:front-end:gentilly-web",
        "type": "submission.sent.v1",
        "town": "gentilly",
        "time": clock.timestamp(),
        "datacontenttype": "application/json",
        "data": data,
    }


def _data(chance: random.Random, seed: int, people: int) -> dict[str, Any]:
    category, description, place, language = chance.choice(_KINDS)
    data: dict[str, Any] = {
        "kind": "problem",
        "category": category,
        "description": " ".join([description, *chance.choices(_WORDS, k=chance.randrange(40))]),
        "language": language,
        "citizen": {
            "first_name": "Ada",
            "last_name": "Martin",
            "email": f"personne-{seed}-{chance.randrange(people)}@example.org",
        },
        "photos": [],
    }
    return {**data, "place": _near(chance, *place)} if place else data


def _near(chance: random.Random, latitude: float, longitude: float, address: str) -> dict[str, Any]:
    """Within some 50 metres."""
    return {
        "latitude": round(latitude + chance.uniform(-0.0005, 0.0005), 6),
        "longitude": round(longitude + chance.uniform(-0.0005, 0.0005), 6),
        "address": address,
    }
