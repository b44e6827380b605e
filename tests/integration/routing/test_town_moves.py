"""A department or an authority that goes: its open cases are named, and given to whoever follows."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts import registry
from shared.contracts.envelope import decode

from . import townfolder
from .cases import HOUR, NOW, stored_case
from .conftest import Town

ROUTED = """select o.exchange, e.body::text from event e join outbox o on o.event_id = e.id
  where e.town = %(town)s and e.type like 'report.%%' order by o.exchange, e.subject"""
CASES = "select state, target, rule, sequence from case_file where town = %(town)s order by reference"
SLUGS = "select max(version) from town_version where town = %(town)s"


def _entry(slug: str) -> dict[str, Any]:
    return {"slug": slug, "label": townfolder.both(slug.capitalize())}


@pytest.fixture
def growing(essai: Town) -> Town:
    """A town with a second department and two authorities, applied once."""
    essai.files["departments.yaml"]["departments"].append(_entry("parcs"))
    given = {"language": "fr", "needs_contact": False}
    essai.files["authorities.yaml"]["authorities"] = [_entry(slug) | given for slug in ("eau", "metro")]
    assert essai.apply().exit_code == 0
    return essai


def _remove(town: Town, slug: str) -> None:
    """From its files, whoever it is; what it did is the street's department's."""
    for kind in ("departments", "authorities"):
        entries = town.files[f"{kind}.yaml"][kind]
        entries[:] = [entry for entry in entries if entry["slug"] != slug]


def test_a_department_with_open_cases_is_not_lost(growing: Town) -> None:
    stored_case(growing, 1, "planned", "department/parcs")
    stored_case(growing, 2, "acknowledged", "department/parcs", resolve_by=NOW - HOUR)
    stored_case(growing, 3, "resolved", "department/parcs")
    stored_case(growing, 4, "forwarded", "authority/eau")
    _remove(growing, "parcs")
    _remove(growing, "eau")
    refused = growing.apply()
    assert refused.exit_code == 2
    assert f"{growing.folder}/departments.yaml: 'parcs' is gone, and has open reports (2)" in refused.output
    assert f"{growing.folder}/authorities.yaml: 'eau' is gone, and has open reports (1)" in refused.output
    assert "--move parcs=SLUG" in refused.output
    assert "2; nothing was changed" in refused.output
    assert growing.rows(SLUGS) == [(1,)]


def test_its_open_cases_go_to_whoever_follows_and_everybody_learns_it(growing: Town) -> None:
    stored_case(growing, 1, "planned", "department/parcs", resolve_by=NOW + HOUR)
    stored_case(growing, 2, "forwarded", "authority/eau")
    stored_case(growing, 3, "resolved", "department/parcs")
    _remove(growing, "parcs")
    _remove(growing, "eau")
    moved = growing.apply("--move", "parcs=voirie", "--move", "eau=metro")
    assert moved.exit_code == 0, moved.output
    assert "open reports that were given to others: 2" in moved.output
    assert growing.rows(CASES) == [
        ("routed", "voirie", "moved", 2),
        ("forwarded", "metro", "moved", 2),
        ("resolved", "parcs", None, 1),
    ]
    told = [(exchange, decode(body.encode())) for exchange, body in growing.rows(ROUTED)]
    for _, event in told:
        registry.check(event)
    assert sorted((exchange, event.type) for exchange, event in told) == [
        ("desk", "report.routed.v1"),
        ("events", "report.forwarded.v1"),
        ("events", "report.routed.v1"),
    ]
    [(configuration,)] = growing.rows("select configuration from town where town = %(town)s")
    assert [former["slug"] for former in configuration["former"]] == ["eau", "parcs"]
    assert growing.apply().exit_code == 0
    assert "(unchanged)" in growing.apply().output


def test_a_case_that_was_given_to_it_meanwhile_can_be_moved_later(growing: Town) -> None:
    _remove(growing, "parcs")
    assert growing.apply().exit_code == 0
    stored_case(growing, 1, "routed", "department/parcs")
    assert growing.apply().exit_code == 2
    assert "given to others: 1" in growing.apply("--move", "parcs=voirie").output


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        (["parcs"], "'parcs' is not FROM=TO"),
        (["parcs="], "'parcs=' is not FROM=TO"),
        (["parcs=voirie", "parcs=metro"], "'parcs' is given two successors"),
        (["parcs=voiries"], "the files have no 'voiries'; did you mean 'voirie'?"),
        (["voirie=metro"], "'voirie' is in the files still, and keeps its reports"),
        (["parc=voirie"], "the town never had 'parc'; did you mean 'parcs'?"),
    ],
)
def test_a_move_that_means_nobody_is_refused(growing: Town, moves: list[str], said: str) -> None:
    stored_case(growing, 1, "routed", "department/parcs")
    _remove(growing, "parcs")
    refused = growing.apply(*(part for move in moves for part in ("--move", move)))
    assert (refused.exit_code, said in " ".join(refused.output.split())) == (2, True), refused.output
    assert growing.rows(CASES) == [("routed", "parcs", None, 1)]


def test_a_slug_is_for_ever(growing: Town) -> None:
    growing.files["town.yaml"]["slug"] = "neuf"
    for tool in growing.files["tools.yaml"]["tools"]:
        tool["user"] = tool["user"].replace(growing.slug, "neuf")
    refused = growing.apply()
    assert refused.exit_code == 2
    assert "a slug is for ever" in refused.output
    assert f"'slug: {growing.slug}'" in refused.output
