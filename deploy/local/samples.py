"""The reports that `make demo` sends: invented people, real kinds of trouble, places around Gentilly."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw


@dataclass(frozen=True, slots=True)
class Sample:
    """One submission. `title` is for whoever watches; `photo`: send one with it."""

    title: str
    category: str
    description: str
    author: tuple[str, str, str]
    place: tuple[float, float, str] | None = None
    language: str = "fr"
    photo: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)

    def data(self, photos: list[str]) -> dict[str, Any]:
        """The `data` of its `submission.sent.v1`."""
        first, last, email = self.author
        data: dict[str, Any] = {
            "kind": "problem",
            "category": self.category,
            "description": self.description,
            "language": self.language,
            "citizen": {"first_name": first, "last_name": last, "email": email},
            "photos": photos,
            **self.more,
        }
        if self.place:
            latitude, longitude, address = self.place
            data["place"] = {"latitude": latitude, "longitude": longitude, "address": address}
        return data


ADA = ("Ada", "Martin", "ada.martin@example.org")
KARIM = ("Karim", "Benali", "karim.benali@example.org")
JANE = ("Jane", "Wood", "jane.wood@example.org")

SAMPLES = (
    Sample(
        "un nid-de-poule, avec photo",
        "voirie/nid-de-poule",
        "Un trou profond devant l'école, une cycliste est tombée ce matin.",
        ADA,
        (48.8130, 2.3420, "12 rue Charles-Frérot"),
        photo=True,
    ),
    Sample(
        "un dépôt sauvage",
        "proprete/depot-sauvage",
        "Des gravats et un matelas sur le trottoir depuis samedi.",
        KARIM,
        (48.8142, 2.3452, "rue de la Paix"),
    ),
    Sample(
        "a street light that is out (in English)",
        "eclairage/lampadaire-eteint",
        "The lamp at the corner has been out for a week; the crossing is dark.",
        JANE,
        (48.8118, 2.3437, "rue Raymond-Lefebvre"),
        language="en",
        more={"consent": {"share_contact": True}},
    ),
    Sample(
        "une fuite d'eau : pas l'affaire de la ville",
        "eau/fuite",
        "L'eau coule sur la chaussée devant le numéro 8.",
        ADA,
        (48.8125, 2.3405, "8 avenue Raspail"),
        more={"consent": {"share_contact": True}},
    ),
    Sample(
        "un bac non collecté, sans lieu",
        "dechets/bac-non-collecte",
        "Le bac jaune n'a pas été vidé depuis deux semaines.",
        KARIM,
    ),
    Sample(
        "un nid-de-poule de l'autre côté de la limite",
        "voirie/nid-de-poule",
        "Grand trou au carrefour.",
        KARIM,
        (48.8040, 2.3330, "avenue Laplace"),
    ),
    Sample(
        "un nid-de-poule loin de tout : en régulation",
        "voirie/nid-de-poule",
        "Je ne sais plus bien où c'était.",
        JANE,
        (48.7000, 2.1000, "près de l'étang"),
    ),
)

REFUSED = Sample("une rubrique qui n'existe pas", "voirie/soucoupe-volante", "Elle gêne le passage.", ADA)


AGENT_ACTIONS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("agent.acknowledged.v1", {}),
    ("agent.resolved.v1", {"text": "Le trou a été rebouché ce matin.", "outcome": "done"}),
)


def photo() -> bytes:
    """A drawn picture as a telephone would send it: JPEG, with a place and an orientation in its EXIF."""
    image = Image.new("RGB", (1600, 1200), (122, 126, 130))
    draw = ImageDraw.Draw(image)
    draw.ellipse((500, 450, 1150, 850), fill=(52, 50, 48))
    draw.rectangle((0, 1020, 1600, 1060), fill=(230, 230, 225))
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: a quarter turn
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 48.0, 46.8), 3: "E", 4: (2.0, 20.0, 31.2)})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()
