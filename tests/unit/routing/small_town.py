"""A town on a square of 0.02°, with a square park, a motorway and two neighbours."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import settings

from services.routing.domain import Report, TownConfiguration
from services.routing.domain.times import Delay, DelayRule, Delays, Targets, WorkingTime
from services.routing.domain.town import (
    Answer,
    Area,
    Authority,
    Category,
    CompetenceRule,
    Department,
    DispatchRule,
    Layer,
    Layers,
    Mail,
    Question,
    Tool,
)
from shared.l10n import Label

# A busy machine is no failure.
calm = settings(deadline=None)

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Paris
CENTRE = (2.01, 48.01)
IN_PARK = (2.0125, 48.0125)
ON_MOTORWAY = (2.005, 48.005)
IN_EAST = (2.03, 48.01)
NOWHERE = (10.0, 10.0)


def label(words: str) -> Label:
    return Label(words, words + " (en)")


def square(west: float, south: float, side: float) -> dict[str, Any]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def line(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [list(point) for point in points]}


AREAS = (
    Area("ici", "commune", label("Ici"), square(2.0, 48.0, 0.02)),
    Area("parc", "parcs", label("Le parc"), square(2.012, 48.012, 0.002)),
    Area("a1", "autoroutes", label("A1"), line((2.005, 47.99), (2.005, 48.03)), width=40),
    Area("est", "voisines", label("L'Est"), square(2.02, 48.0, 0.02)),
    Area("au-nord", "voisines", label("Le Nord"), square(1.99, 48.02, 0.05)),
)
COMPETENCE = (
    CompetenceRule("C1", label("autoroute"), "dirif", ("autoroutes",), ("voirie",)),
    CompetenceRule("C2", label("parcs"), "town", ("parcs",)),
    CompetenceRule("C3", label("eau"), "regie", ("commune",), ("eau/fuite",)),
    CompetenceRule("C4", label("est"), "est", ("est",)),
    CompetenceRule("C5", label("nord"), "nord", ("au-nord",)),
)
RULES = (
    DispatchRule("R1", label("danger"), "voirie", answers=(("danger", ("oui",)),), priority="urgent"),
    DispatchRule("R2", label("nuit"), "police", categories=("bruit",), hours=(1200, 360)),
    DispatchRule("R3", label("dimanche"), "police", categories=("bruit",), weekdays=(6,)),
    DispatchRule("R4", label("parcs"), "jardins", categories=("proprete",), areas=("parcs",)),
    DispatchRule("R5", label("borne"), "accueil", categories=("proprete",), sources=("ici-borne",)),
    DispatchRule("R6", label("trous"), "voirie", categories=("voirie/trou",)),
    DispatchRule("R7", label("idées"), "accueil", kinds=("suggestion",)),
    DispatchRule("R8", label("proprete"), "proprete", categories=("proprete", "bruit", "voirie")),
)
TWO_DAYS, TEN_DAYS = Delay(2, "days", True), Delay(10, "days", True)
ONE_DAY, MONTH, HOUR = Delay(1, "days", True), Delay(30, "days", False), Delay(1, "hours", False)


def town() -> TownConfiguration:
    return TownConfiguration(
        slug="ici",
        name="Ici",
        languages=("fr", "en"),
        time_zone="Europe/Paris",
        kinds=("problem", "suggestion"),
        centre=CENTRE,
        working_time=WorkingTime.daily(range(5), 510, 1050),
        mail=Mail("ici@example.org", label("Ici")),
        categories=(
            Category("voirie", label("Voirie"), children=(_leaf("voirie/trou"), _leaf("voirie/panneau"))),
            Category("proprete", label("Propreté"), children=(_leaf("proprete/tag"),)),
            Category("eau", label("Eau"), children=(_leaf("eau/fuite"), _leaf("eau/autre"))),
            _leaf("bruit"),
        ),
        questions=(Question("danger", label("Danger"), ("voirie",), (_answer("oui"), _answer("non"))),),
        departments=tuple(_department(s) for s in ("voirie", "proprete", "police", "jardins", "accueil")),
        authorities=tuple(Authority(s, label(s)) for s in ("dirif", "regie", "est", "nord")),
        layers=Layers(
            (Layer("autoroutes", label("autoroutes")), Layer("parcs", label("les parcs"))),
            Layer("commune", label("la commune")),
            Layer("voisines", label("les voisines")),
        ),
        areas=AREAS,
        competence=COMPETENCE,
        rules=RULES,
        delays=Delays(
            Targets(TWO_DAYS, TEN_DAYS),
            Targets(None, MONTH),
            Targets(ONE_DAY),
            (
                DelayRule(("voirie",), Targets(ONE_DAY, TEN_DAYS)),
                DelayRule(("voirie/trou",), Targets(ONE_DAY, TWO_DAYS)),
                DelayRule(("voirie",), Targets(HOUR, ONE_DAY), "urgent"),
            ),
        ),
        tools=(Tool("ici-web", "front_end"), Tool("ici-voirie", "agent", "voirie")),
        version=3,
    )


def changed_town(**fields: Any) -> TownConfiguration:
    """The town with some fields of its configuration replaced."""
    return replace(town(), **fields)


def report(category: str = "voirie/trou", place: tuple[float, float] | None = CENTRE, **more: Any) -> Report:
    return Report(
        **{"id": "r1", "kind": "problem", "submitted_at": NOON, **more}, category=category, place=place
    )


def _leaf(slug: str) -> Category:
    return Category(slug, label(slug), kinds=("problem", "suggestion"))


def _answer(slug: str) -> Answer:
    return Answer(slug, label(slug))


def _department(slug: str) -> Department:
    return Department(slug, label(slug.capitalize()))
