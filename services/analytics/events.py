"""What analytics tells: `statistics.fact.v1`, for whoever reads the stream."""

from __future__ import annotations

from services.analytics.domain import Fact
from shared.contracts.envelope import Event

SOURCE = "urn:vigie:analytics"


def statistics_fact(fact: Fact, fact_id: str, sequence: int, category: str, cell: str | None) -> Event:
    """`fact` as analysts see it, under its random id: no subject, cause or trace, no time within the hour."""
    return Event(
        id=fact_id,
        source=SOURCE,
        type="statistics.fact.v1",
        town=fact.town,
        time=fact.hour,
        sequence=f"{sequence:010d}",
        data={
            "kind": fact.kind,
            "category": category,
            "target_kind": fact.target_kind,
            "target": fact.target,
            "happened": fact.happened,
            "hour": fact.hour,
            "delay": fact.delay,
            "cell": cell,
            "coarsened": category != fact.category,
            **({"outcome": fact.outcome} if fact.outcome else {}),
        },
    )
