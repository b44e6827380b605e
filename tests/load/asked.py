"""Citizens' pages and Open311's lists, asked for by several at once, with few and many reports stored."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import quantiles
from urllib.parse import urlsplit

import psycopg

from services.intake.domain.links import Links
from tests.support.ground import Ground
from tests.support.system import System

AT_ONCE = 4  # visitors, each with a connection that is kept
SECONDS = 6.0

# A year of reports, the ids as they would have been made; four in five dealt with two days later.
_REPORTS = """
insert into report (town, id, reference, citizen_id, kind, category, language, description, answers,
                    share_contact, sender, submitted_at, latitude, longitude)
select 'gentilly',
       (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
        || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
       'GEN-' || n, gen_random_uuid(), 'problem', 'voirie/nid-de-poule', 'fr', 'Trou', '{}', false, 'web', at,
       48.813, 2.342
  from (select n, now() - (%(count)s - n) * interval '1 year' / %(count)s as at
          from generate_series(1, %(count)s) n) sent"""
_ROUTED = """
insert into follow_up (town, report_id, sequence, state, holder_kind, holder, happened_at)
select town, id, '0000000001', 'routed', 'department', 'voirie', submitted_at from report"""
_RESOLVED = """
insert into follow_up (town, report_id, sequence, state, holder_kind, holder, outcome, happened_at)
select town, id, '0000000002', 'resolved', 'department', 'voirie', 'done', submitted_at + interval '2 days'
  from report where random() < 0.8"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one address. `p95_ms`: milliseconds; `rate`: answers a second of all visitors."""

    name: str
    stored: int
    p95_ms: float
    rate: float


def measured(ground: Ground, stored: int) -> Iterator[Asked]:
    """Each address with so many reports stored."""
    system = System(ground)
    try:
        system.start("intake", "routing", "notification", "analytics", "intake-web")
        system.apply_town()
        system.stop("intake", "routing", "notification", "analytics")
        report = _store(system, stored)
        links = Links("", system.values["INTAKE_SECRET"])
        for name, path in _paths(links.tracking("gentilly", report)).items():
            yield _asked(system.url("intake-web"), name, path, stored)
    finally:
        system.close()


def _paths(tracking: str) -> dict[str, str]:
    return {
        "the form's first page": "/gentilly/signaler",
        "a follow-up page": tracking,
        "Open311: services": "/open311/v2/services.json",
        "Open311: one request": "/open311/v2/requests/GEN-1.json",
        "Open311: 50 requests": "/open311/v2/requests.json?page_size=50",
        "Open311: 50 open requests": "/open311/v2/requests.json?page_size=50&status=open",
        "Open311: 1,000 requests as XML": "/open311/v2/requests.xml",
    }


def _store(system: System, count: int) -> str:
    with psycopg.connect(system.values["INTAKE_DATABASE_URL"], autocommit=True) as conn:
        conn.execute(_REPORTS, {"count": count})
        conn.execute(_ROUTED)
        conn.execute(_RESOLVED)
        conn.execute("vacuum analyze report")
        conn.execute("vacuum analyze follow_up")
        row = conn.execute("select id::text from report order by id offset 10 limit 1").fetchone()
    assert row
    return str(row[0])


def _asked(base: str, name: str, path: str, stored: int) -> Asked:
    took: list[float] = []
    until = time.monotonic() + SECONDS
    visitors = [threading.Thread(target=_visit, args=(base, path, until, took)) for _ in range(AT_ONCE)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    return Asked(name, stored, round(1000 * quantiles(took, n=20)[-1], 1), round(len(took) / SECONDS, 1))


def _visit(base: str, path: str, until: float, took: list[float]) -> None:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
    while time.monotonic() < until:
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, (path, answer.status)
        took.append(time.perf_counter() - began)
    connection.close()
