"""The description of the broker holds together: nothing told is lost, nobody may do more than is meant."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import registry
from shared.contracts.exchanges import CITIZEN_IN, DESK, DESK_IN, EVENTS, INTAKE, desk_key
from shared.messaging import topology
from shared.messaging.topology import PUBLISHED, SUBSCRIPTIONS, UNSUBSCRIBED, Rights
from shared.settings import SERVICES

slugs = st.text("abyz019-", min_size=1, max_size=12)
TYPES = [kind for kinds in PUBLISHED.values() for kind in kinds]


def test_no_two_policies_are_for_one_queue() -> None:
    names = [queue.name for queue in (*topology.services().queues, *topology.town("t", ["d"]).queues)]
    matched = [name for name in names for p in topology.POLICIES if re.match(p.pattern, name)]
    assert sorted(matched) == ["desk.t.d", "routing.actions"]


def _all_rights() -> list[Rights]:
    tools = [("front_end", None), ("agent", "voirie"), ("analyst", None)]
    rights = [topology.tool_rights(role, "gentilly", department) for role, department in tools]
    return [*rights, *(topology.service_rights(name) for name in SERVICES)]


def test_what_nobody_hears_is_known() -> None:
    assert {"delivery.sent.v1", "delivery.failed.v1"} == UNSUBSCRIBED
    assert not topology.is_mandatory("events", "delivery.sent.v1")
    assert topology.is_mandatory("events", "report.submitted.v1")
    assert topology.is_mandatory("desk", "report.noted.v1")


def test_every_exchange_and_fixed_key_of_the_contract_is_there() -> None:
    made = topology.services()
    told = {c.exchange for c in registry.EVENTS.values()} - {""}
    assert told <= {e.name for e in made.exchanges}
    for contract in registry.EVENTS.values():
        key = contract.key.replace("<town>", "*")
        if contract.exchange in (CITIZEN_IN, INTAKE):
            assert key in {b.key for b in made.bindings if b.exchange == contract.exchange}


def test_whatever_is_heard_is_told_by_one_service() -> None:
    assert len(TYPES) == len(set(TYPES))
    assert set().union(*SUBSCRIPTIONS.values()) <= set(TYPES)


def test_every_binding_leads_from_an_exchange_to_a_queue_that_is_declared() -> None:
    made = topology.services()
    exchanges, queues = {e.name for e in made.exchanges}, {q.name for q in made.queues}
    assert {b.exchange for b in made.bindings} == exchanges - {DESK}
    assert {b.queue for b in made.bindings} == queues


def test_every_queue_says_what_it_is() -> None:
    kinds = {q.name: q.arguments["x-queue-type"] for q in topology.services().queues}
    assert {name for name, kind in kinds.items() if kind != "quorum"} == {"intake.contacts", "statistics"}


def test_no_message_of_a_service_can_be_dropped_by_its_queue() -> None:
    for queue in topology.services().queues:
        if queue.name.endswith((".events", ".actions", ".submissions")):
            assert queue.arguments["x-overflow"] == "reject-publish"
            assert queue.arguments["x-dead-letter-strategy"] == "at-least-once"
            assert queue.arguments["x-delivery-limit"] >= 10
            assert queue.arguments["x-dead-letter-routing-key"] == f"{queue.name.partition('.')[0]}.dead"
            assert "x-message-ttl" not in queue.arguments
            assert ("x-max-length" in queue.arguments) == (queue.name == "intake.submissions")


@pytest.mark.parametrize("rights", _all_rights())
def test_every_pattern_is_anchored_at_both_ends(rights: Rights) -> None:
    for pattern in (rights.write, rights.read, *rights.topics.values()):
        assert pattern.startswith("^")
        assert pattern.endswith("$")


@pytest.mark.parametrize("rights", _all_rights())
def test_whoever_may_write_to_a_topic_exchange_of_others_is_held_to_keys(rights: Rights) -> None:
    shared = {CITIZEN_IN, DESK_IN, EVENTS}
    assert {name for name in shared if re.search(rights.write, name)} == set(rights.topics)


@given(slugs, slugs)
def test_an_agent_reads_its_own_desk_alone(slug: str, department: str) -> None:
    rights = topology.tool_rights("agent", slug, department)
    queue = topology.desk_queue(slug, department)
    assert re.search(rights.read, queue)
    assert not re.search(rights.read, queue + "x")
    assert not re.search(rights.read, queue.replace(".", "-"))
    assert re.search(rights.topics["desk.in"], desk_key(slug, department))


@given(slugs, slugs)
def test_a_front_end_speaks_for_its_own_town_alone(slug: str, other: str) -> None:
    pattern = topology.tool_rights("front_end", slug).topics["citizen.in"]
    assert bool(re.search(pattern, f"{other}.submission")) == (slug == other)


@pytest.mark.parametrize(("role", "department"), [("agent", None), ("agent", ""), ("admin", None), ("", "x")])
def test_an_unknown_role_is_refused(role: str, department: str | None) -> None:
    with pytest.raises(ValueError, match="no tool has the role"):
        topology.tool_rights(role, "gentilly", department)
