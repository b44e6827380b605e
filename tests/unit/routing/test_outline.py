"""A town is shown whole, in the sections of its files and in plain words."""

from pathlib import Path

import pytest

from services.routing import townfiles
from services.routing.commands import outline
from services.routing.domain.times import Delay, Targets
from services.routing.domain.town import TownConfiguration
from services.routing.townfiles.schemas import FILES
from tests.unit.routing.small_town import changed_town, town

TOWNS = Path(__file__).parents[3] / "deploy" / "towns"


def _lines(configuration: TownConfiguration, language: str = "fr") -> list[str]:
    """The lines, with their columns closed up."""
    return [" ".join(line.split()) for line in outline.of(configuration, language).splitlines()]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_there_is_a_section_for_every_file(language: str) -> None:
    titles = [line.split(":")[0] for line in outline.of(town(), language).splitlines() if line[0] != " "]
    assert titles[1:] == list(FILES)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "fr",
            [
                "natures problème, suggestion",
                "ouvert lundi, mardi, mercredi, jeudi, vendredi; 08:30-17:30; sauf jours fériés (FR)",
                "courriels de ici@example.org",
                "C1 → dirif autoroute; lieux: autoroutes; rubriques: voirie",
                "C2 → la ville parcs; lieux: parcs",
                "R1 → voirie danger; réponse: danger = oui; urgent",
                "R2 → police nuit; rubriques: bruit; 20:00-06:00",
                "R3 → police dimanche; rubriques: bruit; dimanche",
                "R5 → accueil borne; rubriques: proprete; venu de: ici-borne",
                "R7 → accueil idées; suggestion",
                "en général prise en compte 2 jours ouvrés; traitement 10 jours ouvrés",
                "transmis traitement 30 jours calendaires",
                "voirie urgent; prise en compte 1 heure; traitement 1 jour ouvré",
                "voisines les voisines; 2 lieux: est, au-nord",
            ],
        ),
        (
            "en",
            [
                "open Monday, Tuesday, Wednesday, Thursday, Friday; 08:30-17:30; not on public holidays (FR)",
                "C2 → the town parcs (en); areas: parcs",
                "R2 → police nuit (en); categories: bruit; 20:00-06:00",
                "in general taken up within 2 working days; resolved within 10 working days",
                "voirie urgent; taken up within 1 calendar hour; resolved within 1 working day",
            ],
        ),
    ],
)
def test_rules_delays_and_working_time_are_said_in_words(language: str, expected: list[str]) -> None:
    lines = _lines(town(), language)
    assert [line for line in expected if line not in lines] == []


def test_a_rule_without_a_condition_says_so() -> None:
    shown = _lines(townfiles.load(TOWNS / "exemple-sur-bievre"))
    assert "R2 → mairie Tout le reste; dans tous les cas" in shown


def test_a_section_with_nothing_in_it_says_so() -> None:
    lines = _lines(changed_town(authorities=(), competence=()))
    assert lines[lines.index("authorities.yaml: les organismes extérieurs") + 1] == "aucun"


@pytest.mark.parametrize(
    ("delay", "french"),
    [
        (Delay(1, "days", True), "1 jour ouvré"),
        (Delay(4, "hours", True), "4 heures ouvrées"),
        (Delay(2, "hours", False), "2 heures"),
    ],
)
def test_delays_agree_with_their_number(delay: Delay, french: str) -> None:
    delays = town().delays.__class__(Targets(delay), Targets(), Targets())
    assert f"en général prise en compte {french}" in _lines(changed_town(delays=delays))


@pytest.mark.parametrize("folder", ["gentilly", "exemple-sur-bievre"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_rule_of_a_real_town_is_shown(folder: str, language: str) -> None:
    configuration = townfiles.load(TOWNS / folder)
    shown = outline.of(configuration, language)
    for name in [rule.rule for rule in configuration.rules] + [
        rule.rule for rule in configuration.competence
    ]:
        assert f"  {name} → " in shown
