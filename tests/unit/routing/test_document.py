"""A configuration is stored whole, and told without what is routing's alone."""

import json
from dataclasses import replace

import pytest

from services.routing.domain import decide, document, fingerprint, from_document, to_document, to_event_data
from services.routing.domain.town import Department
from shared.contracts.routing import TownConfiguredV1
from tests.unit.routing.small_town import IN_PARK, NOON, changed_town, label, report, town


def test_what_is_stored_as_json_is_read_back_the_same() -> None:
    stored = json.loads(json.dumps(to_document(town())))
    assert from_document(stored, version=3) == town()
    assert from_document(stored).version == 0


def test_a_configuration_read_back_decides_the_same() -> None:
    again = from_document(json.loads(json.dumps(to_document(town()))), 3)
    sent = report("proprete/tag", place=IN_PARK)
    assert decide(again, sent, NOON) == decide(town(), sent, NOON)


@pytest.mark.parametrize("document", [{}, {"slug": "ici"}])
def test_what_is_no_configuration_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        from_document(document)


def test_the_fingerprint_tells_content_and_not_version() -> None:
    assert fingerprint(town()) == fingerprint(replace(town(), version=9))
    other = replace(town().departments[0], email="autre@example.org")
    assert fingerprint(town()) != fingerprint(changed_town(departments=(other, *town().departments[1:])))


def test_the_event_keeps_to_its_contract() -> None:
    data = to_event_data(town(), 7)
    assert not TownConfiguredV1().validate(json.loads(json.dumps(data)))
    assert data["version"] == 7
    assert data["categories"][0]["children"][0]["slug"] == "voirie/trou"
    assert data["tools"] == [
        {"user": "ici-web", "role": "front_end"},
        {"user": "ici-voirie", "role": "agent", "department": "voirie"},
    ]


def test_the_event_has_addresses_where_there_are_some() -> None:
    mailed = (Department("voirie", label("Voirie"), "voirie@example.org"), *town().departments[1:])
    told = to_event_data(changed_town(departments=mailed), 1)["departments"]
    assert told[0]["email"] == "voirie@example.org"
    assert "email" not in told[1]


def test_the_event_has_what_the_town_asks() -> None:
    assert to_event_data(town(), 1)["questions"] == [
        {
            "slug": "danger",
            "label": label("Danger").as_dict(),
            "categories": ["voirie"],
            "answers": [{"slug": s, "label": label(s).as_dict()} for s in ("oui", "non")],
        }
    ]


def test_what_is_told_otherwise_makes_a_new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(town())
    told = document.to_event_data
    monkeypatch.setattr(document, "to_event_data", lambda *given: {**told(*given), "motto": "Ici"})
    assert fingerprint(town()) != before


def test_areas_and_rules_stay_in_routing() -> None:
    data = to_event_data(town(), 1)
    assert not {"areas", "rules", "competence", "delays"} & set(data)
