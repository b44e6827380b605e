"""What a town still lacks although its files are right: what was copied and not changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from services.routing.domain import lacks
from services.routing.domain.town import Mail, Tool, TownConfiguration
from services.routing.townfiles import load
from shared.l10n import Label

COPIED = load(Path(__file__).parents[3] / "deploy" / "towns" / "exemple-sur-bievre")
SENT_BY_NOBODY = (
    "town.yaml: mail.from is signalement-exemple@example.org, which is nobody's; write the town's own address"
)


def test_a_copied_town_lacks_what_is_its_own() -> None:
    sender, departments, authorities, routes, outline, tools = lacks(COPIED)
    assert sender == SENT_BY_NOBODY
    assert departments == (
        "departments.yaml: examples, to be confirmed or replaced: 2 (voirie, mairie); "
        "then remove 'example: true'"
    )
    assert authorities.startswith("authorities.yaml: examples, to be confirmed or replaced: 1 (departement)")
    assert routes.startswith("areas/routes.geojson: ")
    assert outline.startswith("areas/commune.geojson: ")
    assert tools == "tools.yaml: no agent tool reads what is given to mairie; list one for each department"


def _own(town: TownConfiguration) -> TownConfiguration:
    return replace(
        town,
        mail=Mail("mairie@ma-ville.fr", Label("Ma Ville", "Ma Ville")),
        departments=tuple(replace(d, email=None, example=False) for d in town.departments),
        authorities=tuple(replace(a, email="accueil@dept.fr", example=False) for a in town.authorities),
        areas=tuple(replace(area, example=False) for area in town.areas),
        tools=(*town.tools, Tool("exemple-mairie", "agent", "mairie")),
    )


def test_a_town_of_its_own_lacks_nothing() -> None:
    assert list(lacks(_own(COPIED))) == []


@pytest.mark.parametrize("domain", ["example.org", "exemple.org", "mairie.EXAMPLE.com", "ville.example"])
def test_a_made_up_address_is_seen(domain: str) -> None:
    town = replace(_own(COPIED), mail=replace(COPIED.mail, sender="a@ville.fr", reply_to=f"b@{domain}"))
    (line,) = lacks(town)
    assert line.startswith(f"town.yaml: mail.reply_to is b@{domain}, which is nobody's")


def test_of_many_examples_some_are_named() -> None:
    authorities = tuple(replace(COPIED.authorities[0], slug=f"a{n}") for n in range(6))
    (line,) = lacks(replace(_own(COPIED), authorities=authorities))
    assert "6 (a0, a1, a2, a3, …)" in line
