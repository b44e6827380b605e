"""`vigie report show` says everything in one language, with a word for all that there is."""

from __future__ import annotations

from typing import Any, get_args

import click
import pytest

from deploy.local.paths import ROOT
from services.notification.domain import NOTICES
from shared.commands import Cause, as_reference
from shared.commands.report import words
from shared.contracts.states import STATE_LABELS, STATES, TARGET_KINDS, State
from shared.l10n import Language
from shared.messaging.topology import PUBLISHED

TEMPLATES = {notice.template for notices in NOTICES.values() for notice in notices}
FACTS = {
    type_ for service in ("intake", "routing") for type_ in PUBLISHED[service] if type_.startswith("report.")
}
KNOWN: dict[str, Any] = {
    "id": "01890000-0000-7000-8000-000000000000",
    "reference": "GEN-7K3M-9QX2",
    "town": "gentilly",
    "category": "voirie/nid-de-poule",
    "time_zone": "Europe/Paris",
    "state": "triage",
    "target": {"kind": "triage", "id": None},
    "rule": None,
    "rule_set": 3,
    "reason": {"fr": "Aucune règle.", "en": "No rule."},
    "acknowledge_by": "2026-11-24T10:00:00+01:00",
    "resolve_by": None,
    "photos": [{"id": "1", "state": "stored"}],
    "history": [{"event": "report.triaged.v1", "at": "2026-11-22T10:05:07.123000+01:00"}],
    "deliveries": [{"template": "receipt", "recipient_kind": "citizen", "state": "sent"}],
    "counted": 2,
    "away": {},
}


def _lines(language: Language, **changes: Any) -> list[str]:
    return list(words.of({**KNOWN, **changes}, language))


def test_all_is_said_in_french() -> None:
    assert _lines("fr") == [
        "GEN-7K3M-9QX2  gentilly  voirie/nid-de-poule",
        "  heures de   Europe/Paris",
        "  état        en régulation",
        "  confié à    en régulation",
        "  règle       - (version 3) Aucune règle.",
        "  à prendre   24/11/2026 10:00:00",
        "  photos      1 (enregistrée)",
        "              22/11/2026 10:05:07  en régulation           report.triaged.v1",
        "  courriel    accusé de réception → auteur\u00a0: envoyé",
        "  comptés     2 faits",
    ]


@pytest.mark.parametrize(("language", "day"), [("fr", "\u00a0: 30/11/2026"), ("en", ": 2026-11-30")])
def test_planned_work_has_its_day(language: Language, day: str) -> None:
    planned = {"event": "report.planned.v1", "at": "2026-11-22T10:05:07+01:00", "planned_for": "2026-11-30"}
    (line,) = [line for line in _lines(language, history=[planned]) if "report.planned.v1" in line]
    assert f"{day} " in line


@pytest.mark.parametrize("state", ["resolved", "declined"])
def test_no_clock_runs_for_what_has_ended(state: str) -> None:
    assert not any("à prendre" in line for line in _lines("fr", state=state))


def test_all_is_said_in_english() -> None:
    assert _lines("en") == [
        "GEN-7K3M-9QX2  gentilly  voirie/nid-de-poule",
        "  times of    Europe/Paris",
        "  state       in triage",
        "  given to    in triage",
        "  rule        - (version 3) No rule.",
        "  take up by  2026-11-24 10:00:00",
        "  photos      1 (stored)",
        "              2026-11-22 10:05:07  in triage               report.triaged.v1",
        "  mail        receipt → author: sent",
        "  counted     2 facts",
    ]


def test_who_is_away_is_said() -> None:
    lines = _lines("fr", away={"intake": "no_answer"})
    assert lines[-2:] == [
        "  comptés     au moins 2 faits",
        "  intake       injoignable\u00a0: sa base de données ne répond pas",
    ]


@pytest.mark.parametrize(
    "name",
    sorted(
        {*STATES, *TARGET_KINDS, *get_args(Cause), *TEMPLATES}
        | {"citizen", "authority", "pending", "sending", "sent", "failed", "stored"}
        | {type_.removeprefix("report.").removesuffix(".v1") for type_ in FACTS}
    ),
)
def test_everything_has_a_word_in_each_language(name: str) -> None:
    label = words._WORDS[name]
    assert label.fr
    assert label.en
    assert label.fr != label.en


@pytest.mark.parametrize("state", STATES)
def test_a_state_has_the_word_that_routing_has_for_it(state: State) -> None:
    """`vigie report show` and `vigie routing explain` are read side by side."""
    label = STATE_LABELS[state]
    assert words._WORDS[state] == label
    assert (
        f"| `{state}` | {label.fr}, {label.en} |" in (ROOT / "services" / "routing" / "README.md").read_text()
    )


def test_a_case_that_was_triaged_is_in_triage() -> None:
    assert words._WORDS["triaged"] == words._WORDS["triage"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gen-7k3m-9qx2", "GEN-7K3M-9QX2"),
        (" GEN-7K3M-9QX2\t", "GEN-7K3M-9QX2"),
        ("GEN9KDF2MTS", "GEN-9KDF-2MTS"),
        ("gen 9kdf 2mts", "GEN-9KDF-2MTS"),
        ("GEN\u20119KDF\u20112MTS", "GEN-9KDF-2MTS"),
        ("A-7K3M-9QX2", "A-7K3M-9QX2"),
        ("01890000-0000-7000-8000-00000000000A", "01890000-0000-7000-8000-00000000000a"),
    ],
)
def test_reference_is_taken_as_it_is_meant(typed: str, meant: str) -> None:
    assert as_reference(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "GEN-7K3M", "GEN-7K3M-9QXU", "GENT-7K3M-9QX2", "nid de poule", "١٢٣-7K3M-9QX2"]
)
def test_what_can_be_no_reference_is_told_what_one_looks_like(typed: str) -> None:
    with pytest.raises(click.ClickException, match="is no reference; one looks like GEN-7K3M-9QX2"):
        as_reference(typed)


def test_one_fact_is_one() -> None:
    assert _lines("fr", counted=1)[-1] == "  compté      1 fait"
    assert _lines("fr", counted=0)[-1] == "  compté      0 fait"
    assert _lines("en", counted=1)[-1] == "  counted     1 fact"
    assert _lines("en", counted=0)[-1] == "  counted     0 facts"
