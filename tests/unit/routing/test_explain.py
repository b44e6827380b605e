"""Every decision says why, in French and in English."""

from datetime import UTC, datetime

import pytest

from services.routing.domain import Report, decide
from services.routing.domain.town import DispatchRule
from tests.unit.routing.small_town import (
    CENTRE,
    IN_EAST,
    IN_PARK,
    NOON,
    NOWHERE,
    changed_town,
    label,
    report,
    town,
)

SUNDAY_NIGHT = datetime(2026, 11, 29, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "french", "english"),
    [
        (
            report("voirie/trou"),
            "Confié au service « Voirie » par la règle R6 « trous » (version 3) "
            "parce que la rubrique est « voirie/trou ».",
            "Given to the department “Voirie (en)” by rule R6 “trous (en)” (version 3) "
            "because the category is “voirie/trou (en)”.",
        ),
        (
            report("proprete/tag", place=IN_PARK),
            "Confié au service « Jardins » par la règle R4 « parcs » (version 3) "
            "parce que la rubrique est « proprete/tag » et que le lieu est dans « les parcs ».",
            "Given to the department “Jardins (en)” by rule R4 “parcs (en)” (version 3) "
            "because the category is “proprete/tag (en)” and the place is in “les parcs (en)”.",
        ),
        (
            report("voirie/trou", answers={"danger": "oui"}),
            "Confié au service « Voirie » par la règle R1 « danger » (version 3) "
            "parce que la réponse à « Danger » est « oui ».",
            "Given to the department “Voirie (en)” by rule R1 “danger (en)” (version 3) "
            "because the answer to “Danger (en)” is “oui (en)”.",
        ),
        (
            report("proprete/tag", source="ici-borne"),
            "Confié au service « Accueil » par la règle R5 « borne » (version 3) "
            "parce que la rubrique est « proprete/tag » et que le signalement vient de ici-borne.",
            "Given to the department “Accueil (en)” by rule R5 “borne (en)” (version 3) "
            "because the category is “proprete/tag (en)” and the report comes from ici-borne.",
        ),
        (
            report("bruit", place=IN_EAST),
            "Transmis à « est » par la règle C4 « est » (version 3) parce que le lieu est dans « L'Est ».",
            "Forwarded to “est (en)” by rule C4 “est (en)” (version 3) because the place is in “L'Est (en)”.",
        ),
        (
            report("bruit", place=NOWHERE),
            "Envoyé en régulation (version 3) : "
            "le lieu est hors de la ville et aucun organisme n'y est connu.",
            "Sent to triage (version 3): the place is outside the town and no authority is known there.",
        ),
        (
            report("voirie/trou", place=None),
            "Envoyé en régulation (version 3) : le point sur la carte manque, et pour « voirie/trou » la "
            "compétence en dépend (par exemple « A1 »).",
            "Sent to triage (version 3): the point on the map is missing, and for “voirie/trou (en)” "
            "competence depends on it (for instance “A1 (en)”).",
        ),
        (
            report("eau/autre"),
            "Envoyé en régulation (version 3) : aucune règle ne s'applique à la rubrique « eau/autre ».",
            "Sent to triage (version 3): no rule applies to the category “eau/autre (en)”.",
        ),
        (
            report("gone/away"),
            "Envoyé en régulation (version 3) : aucune règle ne s'applique à la rubrique « gone/away ».",
            "Sent to triage (version 3): no rule applies to the category “gone/away”.",
        ),
    ],
)
def test_the_reason(sent: Report, french: str, english: str) -> None:
    assert decide(town(), sent, NOON).reason == {"fr": french, "en": english}


def test_the_citizen_is_told_no_rule_and_no_version() -> None:
    decision = decide(town(), report("voirie/trou"), NOON)
    assert decision.plain_reason is not None
    for language, named in (("fr", f"par la règle {decision.rule} "), ("en", f"by rule {decision.rule} ")):
        before, _, after = decision.reason[language].partition(named)
        assert decision.plain_reason[language] == before + after.partition(") ")[2]
        assert "version" not in decision.plain_reason[language]


def test_of_triage_no_citizen_is_told() -> None:
    assert decide(town(), report("gone/away"), NOON).plain_reason is None


def test_every_condition_of_a_rule_is_said() -> None:
    rule = DispatchRule(
        "R9", label("tout"), "police", ("problem",), hours=(1200, 360), weekdays=(5, 6), areas=("ici", "est")
    )
    reason = decide(changed_town(rules=(rule,)), report("bruit", CENTRE), SUNDAY_NIGHT).reason
    assert reason["fr"].endswith(
        "parce que la nature est problème et que le lieu est dans « Ici » ou « L'Est » et que la nuit "
        "commence un samedi ou un dimanche et que l'heure est entre 20:00 et 06:00."
    )
    assert reason["en"].endswith(
        "because the kind is problem and the place is in “Ici (en)” or “L'Est (en)” and the night "
        "begins on a Saturday or a Sunday and the time is between 20:00 and 06:00."
    )


def test_the_days_of_hours_within_a_day_are_days() -> None:
    rule = DispatchRule("R9", label("jour"), "police", hours=(360, 1320), weekdays=(6,))
    reason = decide(changed_town(rules=(rule,)), report("bruit", CENTRE), SUNDAY_NIGHT).reason
    assert "parce que le jour est dimanche et que l'heure est entre 06:00 et 22:00." in reason["fr"]
    assert "because the day is Sunday and the time is between 06:00 and 22:00." in reason["en"]


def test_a_rule_without_conditions_is_the_general_one() -> None:
    rules = (DispatchRule("R9", label("reste"), "accueil"),)
    reason = decide(changed_town(rules=rules), report("bruit"), NOON).reason
    assert reason["fr"].endswith("parce que c'est la règle générale.")
    assert reason["en"].endswith("because it is the general rule.")


def test_two_rules_on_one_category_do_not_share_their_reason() -> None:
    by_night = decide(town(), report("bruit"), SUNDAY_NIGHT)
    by_day = decide(town(), report("bruit"), NOON)
    assert "R2" in by_night.reason["fr"]
    assert "R8" in by_day.reason["fr"]
