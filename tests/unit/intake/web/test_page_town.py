"""What the citizen's page calls things, from the town's configuration."""

from __future__ import annotations

from services.intake.domain.follow_up import PageTown, page_town
from shared.branding import Branding
from shared.l10n import Label

ROADS = Label("Voirie", "Roads")
CONFIGURATION = {
    "name": "Gentilly",
    "time_zone": "Europe/Paris",
    "categories": [
        {"slug": "a", "label": {"fr": "A"}, "children": [{"slug": "a/b", "label": {"fr": "B"}}]},
    ],
    "departments": [{"slug": "voirie", "label": ROADS.as_dict()}],
    "authorities": [{"slug": "voirie", "label": {"fr": "Voirie du département"}}],
}


class TestTown:
    def test_labels_of_categories_departments_and_authorities(self) -> None:
        town = page_town(1, CONFIGURATION)
        assert town.label("category", "a/b") == Label("B", "B")
        assert town.label("department", "voirie") == ROADS
        assert town.label("authority", "voirie") == Label.same("Voirie du département")

    def test_label_of_whoever_is_gone_stays(self) -> None:
        gone = {"kind": "department", "slug": "parcs", "label": {"fr": "Parcs", "en": "Parks"}}
        again = {"kind": "department", "slug": "voirie", "label": {"fr": "Ancienne", "en": "Former"}}
        town = page_town(1, {**CONFIGURATION, "former": [gone, again]})
        assert town.label("department", "parcs") == Label("Parcs", "Parks")
        assert town.label("department", "voirie") == ROADS

    def test_unknown_slug_stands_for_itself(self) -> None:
        assert PageTown(Branding("gentilly")).label("department", "voirie") == Label.same("voirie")
