"""`python -m tests.load.la311 PATH`: real requests through the stack that is up; do all counts agree?

PATH is the City of Los Angeles's open data of service requests ("MyLA311", as CSV): a realistic mix of
types, places that bunch, near-duplicates, some without a place. Types become Gentilly's categories, places
are moved onto the town's box. It is a command, not a test of the suite: the file is not part of the project.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from deploy.local import paths
from deploy.local.agreement import Agreement, stream_facts
from shared import settings
from tests.e2e.tool import Tool, codes, front_end

TOWN = "gentilly"
OUTLINE = paths.ROOT / "deploy" / "towns" / TOWN / "areas" / "commune.geojson"
CATEGORIES: Mapping[str, str] = {
    "Bulky Items": "dechets/encombrants-non-collectes",
    "Graffiti Removal": "proprete/graffiti",
    "Illegal Dumping Pickup": "proprete/depot-sauvage",
    "Metal/Household Appliances": "proprete/electromenager",
    "Electronic Waste": "proprete/electromenager",
    "Homeless Encampment": "tranquillite/personne-a-la-rue",
    "Dead Animal Removal": "proprete/animal-mort",
    "Single Streetlight Issue": "eclairage/lampadaire-eteint",
    "Multiple Streetlight Issue": "eclairage/rue-eteinte",
    "Report Water Waste": "eau/fuite",
}
OTHER = "accueil/autre"
PATIENCE = 900.0
Row = Mapping[str, str]
Box = tuple[float, float, float, float]  # south, west, north, east, in degrees


def main(path: Path) -> int:
    """Send all of `path`; 0 where every stage has as many as were accepted, and the stream says the same."""
    settings.load_connections()
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    print(f"{len(rows)} requests, {_near_duplicates(rows)} near-duplicates, {_without(rows)} without a place")
    before, told, began = Agreement.now(TOWN), _happened(), datetime.now(UTC)
    start = time.monotonic()
    accepted = _send(rows)
    print(f"  receipts       {len(rows):6} in {time.monotonic() - start:6.1f} s")
    agree = _watch(before, accepted, start) and _is_quiet()
    return 0 if _stream_agrees(told, began) and agree and accepted == len(rows) else 1


def _near_duplicates(rows: Sequence[Row]) -> int:
    """Of the same type at the very same place as an earlier one."""
    return len(rows) - len({(row["requesttype"], row["latitude"], row["longitude"]) for row in rows})


def _without(rows: Sequence[Row]) -> int:
    return sum(not row["latitude"] for row in rows)


def _send(rows: Sequence[Row]) -> int:
    """Publish without waiting, then wait for every receipt; returns how many were accepted."""
    from_, to = _box_of(rows), _box_of_town()
    with front_end(os.environ["FRONT_AMQP_URL"], TOWN) as tool:
        started = time.monotonic()
        for position, row in enumerate(rows):
            tool.send(tool.event("submission.sent.v1", _data(row, from_, to)))
            if position % 100 == 0:
                tool.listen(0)
        print(f"  sent           {len(rows):6} in {time.monotonic() - started:6.1f} s")
        return _receipts(tool, len(rows))


def _receipts(tool: Tool, number: int) -> int:
    answers = dict(tool.wait(number, PATIENCE))
    refused = Counter(code for answer in answers.values() for code in codes(answer))
    for (pointer, code), times in refused.items():
        print(f"  refused        {times:6} {pointer}: {code}")
    return sum(answer["type"] == "submission.accepted.v1" for answer in answers.values())


def _data(row: Row, from_: Box, to: Box) -> dict[str, Any]:
    """A request as a front end of Gentilly would send it; who is at one address is one person."""
    person = hashlib.sha256(row["address"].encode()).hexdigest()[:12]
    return {
        "kind": "problem",
        "category": CATEGORIES.get(row["requesttype"], OTHER),
        "description": f"{row['requesttype']} ({row['requestsource']}, {row['createddate']})",
        "language": "en" if row["requestsource"] == "Mobile App" else "fr",
        "place": _place(row, from_, to) if row["latitude"] else None,
        "citizen": {
            "first_name": "Angeleno",
            "last_name": row["ncname"].title()[:100] or "Unknown",
            "email": f"{person}@example.org",
        },
        "consent": {"share_contact": row["anonymous"] == "N"},
    }


def _place(row: Row, from_: Box, to: Box) -> dict[str, Any]:
    south, west, north, east = from_
    up = (float(row["latitude"]) - south) / (north - south)
    right = (float(row["longitude"]) - west) / (east - west)
    latitude, longitude = to[0] + up * (to[2] - to[0]), to[1] + right * (to[3] - to[1])
    return {"latitude": round(latitude, 6), "longitude": round(longitude, 6), "address": row["address"][:300]}


def _box_of(rows: Sequence[Row]) -> Box:
    placed = [row for row in rows if row["latitude"]]
    return _box([(float(row["longitude"]), float(row["latitude"])) for row in placed])


def _box_of_town() -> Box:
    [outline] = json.loads(OUTLINE.read_text())["features"]
    return _box(outline["geometry"]["coordinates"][0])


def _box(points: Sequence[Sequence[float]]) -> Box:
    east_west, north_south = [x for x, *_ in points], [y for _, y, *_ in points]
    return min(north_south), min(east_west), max(north_south), max(east_west)


def _watch(before: Agreement, expected: int, start: float) -> bool:
    """Print when each stage has all; True once every one has, and none has more."""
    done: dict[str, float] = {}
    for now in _looks(before, start):
        for name, count in now.by_name.items():
            if count >= expected and name not in done:
                done[name] = time.monotonic() - start
                print(f"  {name:30} {count:6} in {done[name]:6.1f} s: {count / done[name]:5.0f} a second")
        if len(done) == len(now.by_name):
            return now.all_are(expected)
    return False


def _looks(before: Agreement, start: float) -> Iterator[Agreement]:
    while time.monotonic() - start < PATIENCE:
        yield Agreement.now(TOWN) - before
        time.sleep(0.5)
    print(f"  NO: after {PATIENCE:.0f} s only {(Agreement.now(TOWN) - before).by_name}")


def _is_quiet() -> bool:
    """Nothing waits to be published or tried again, and nothing was parked."""
    left: LiteralString = "select count(*) from outbox"
    waits: LiteralString = "select (select count(*) from retry) + (select count(*) from parked)"
    services = ("INTAKE", "ROUTING", "NOTIFICATION", "ANALYTICS")
    quiet = _until(lambda: not any(_rows(service, left)[0][0] for service in services))
    stuck = {service: _rows(service, waits)[0][0] for service in services}
    print(
        f"  left in outboxes: {'no' if quiet else 'YES'}; to be tried again or parked: {sum(stuck.values())}"
    )
    return quiet and not any(stuck.values())


def _stream_agrees(before: Counter[str], began: datetime) -> bool:
    """The stream since then, by distinct id, against the tables of analytics and routing."""
    counted = _happened() - before
    facts = stream_facts(began, sum(counted.values()), timeout=120)
    streamed = Counter(fact["data"]["happened"] for fact in facts.values() if fact["town"] == TOWN)
    new: LiteralString = "from case_file where town = %(town)s and opened_at >= %(since)s"
    cases = f"select target_kind, count(*) {new} group by 1"
    print(f"  cases by target      {dict(_rows('ROUTING', cases, since=began))}")
    print(f"  counted by analytics {dict(counted)}")
    print(f"  on the stream        {dict(streamed)}")
    print("  yes: all agree" if streamed == counted else "  NO: the stream differs")
    return streamed == counted


def _happened() -> Counter[str]:
    return Counter(
        dict(_rows("ANALYTICS", "select happened, sum(n)::int from tally where town = %(town)s group by 1"))
    )


def _rows(service: str, query: LiteralString, **values: Any) -> list[Any]:
    with psycopg.connect(os.environ[f"{service}_DATABASE_URL"]) as conn:
        return conn.execute(query, {"town": TOWN, **values}).fetchall()


def _until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.load.la311 requests.csv (the stack must be up: make up)")
    sys.exit(main(Path(sys.argv[1])))
