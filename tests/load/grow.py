"""Rows of reports that came before, made by SQL alone: what does a report cost when there are a million?"""

from __future__ import annotations

from typing import LiteralString

import psycopg

from deploy.local.connections import SERVICES
from tests.load.world import World

# The rows that a routed report leaves in each database, numbered from %(first)s to %(last)s, over two years.
_ID: LiteralString = "md5(%(salt)s || n)::uuid"
_TIME: LiteralString = "now() - make_interval(secs => (63072000.0 * n / %(last)s)::int)"
_EVENT: LiteralString = f"""
insert into event (town, id, subject, sequence, type, time, body)
select 'gentilly', md5(%(salt)s || 'e' || n)::uuid, {_ID}::text, '0000000001', 'report.routed.v1', {_TIME},
       json_build_object('town', 'gentilly', 'data', json_build_object('text', repeat(md5(n::text), 24)))
  from generate_series(%(first)s::int, %(last)s::int) n"""
_INBOX: LiteralString = """
insert into inbox (town, consumer, sender, event_id)
select 'gentilly', %(service)s || '.events', 'vigie-routing', md5(%(salt)s || %(service)s || n)::uuid::text
  from generate_series(%(first)s::int, %(last)s::int) n"""
_OWN: dict[str, tuple[LiteralString, ...]] = {
    "intake": (
        """
insert into citizen (town, id, email_key, email, first_name, last_name, language)
select 'gentilly', md5('c' || %(salt)s || n)::uuid, 'before-' || n || '@example.org',
       'before-' || n || '@example.org', 'Ada', 'Martin', 'fr'
  from generate_series(%(first)s::int, %(last)s::int) n""",
        f"""
insert into report (town, id, reference, kind, category, language, description, latitude, longitude, address,
                    answers, citizen_id, share_contact, sender, submitted_at)
select 'gentilly', {_ID}, 'OLD-' || n, 'problem', 'voirie/nid-de-poule', 'fr', repeat(md5(n::text), 5), 48.81,
       2.34, 'rue', '{{}}', md5('c' || %(salt)s || n)::uuid, false, 'gentilly-web', {_TIME}
  from generate_series(%(first)s::int, %(last)s::int) n""",
        f"""
insert into author (town, report_id, first_name, last_name)
select 'gentilly', {_ID}, 'Ada', 'Martin' from generate_series(%(first)s::int, %(last)s::int) n""",
        f"""
insert into follow_up (town, report_id, sequence, state, holder_kind, holder, happened_at)
select 'gentilly', {_ID}, '0000000001', 'routed', 'department', 'voirie', {_TIME}
  from generate_series(%(first)s::int, %(last)s::int) n""",
    ),
    "routing": (
        f"""
insert into case_file (town, report_id, reference, report, state, target_kind, target, rule, rule_set, reason,
                       acknowledge_by, resolve_by, acknowledge_overdue, resolve_overdue, sequence, opened_at,
                       changed_at)
select 'gentilly', {_ID}, 'OLD-' || n, json_build_object('text', repeat(md5(n::text), 18)), 'resolved',
       'department', 'voirie', 'R12', 1, '{{}}', {_TIME}, {_TIME}, true, true, 1, {_TIME}, {_TIME}
  from generate_series(%(first)s::int, %(last)s::int) n""",
    ),
    "notification": (
        f"""
insert into delivery (town, id, event_id, report_id, reference, recipient_kind, recipient_id, channel,
                      template, template_version, language, data, state, next_attempt_at, sent_at)
select 'gentilly', md5('d' || template || n)::uuid, md5(template || %(salt)s || n)::uuid, {_ID}, 'OLD-' || n,
       'citizen', md5('c' || n), 'mail', template, 1, 'fr',
       json_build_object('text', repeat(md5(n::text), 12)), 'sent', null, {_TIME}
  from generate_series(%(first)s::int, %(last)s::int) n, unnest(array['receipt', 'routed']) template""",
    ),
    "analytics": (
        f"""
with numbers as (
  insert into fact_sequence (town, last) values ('gentilly', 2 * (%(last)s - %(first)s + 1))
  on conflict (town) do update set last = fact_sequence.last + excluded.last
  returning last - 2 * (%(last)s - %(first)s + 1) as base)
insert into fact (town, sequence, id, event_id, kind, category, target_kind, target, happened, hour, delay,
                  seconds, cell)
select 'gentilly', base + 2 * (n - %(first)s) + which, gen_random_uuid(),
       md5(which || %(salt)s || n)::uuid::text, 'problem', 'voirie/nid-de-poule', 'department', 'voirie',
       case which when 1 then 'submitted' else 'routed' end, date_trunc('hour', {_TIME}), '<1h', 0,
       '48.812:2.' || (320 + n %% 40)
  from numbers, generate_series(%(first)s::int, %(last)s::int) n, generate_series(1, 2) which""",
        """
insert into tally (town, hour, kind, category, target_kind, target, happened, delay, n, seconds)
select town, hour, kind, category, target_kind, target, happened, delay, count(*), sum(seconds) from fact
 where sequence > (select last - 2 * (%(last)s - %(first)s + 1) from fact_sequence where town = 'gentilly')
 group by 1, 2, 3, 4, 5, 6, 7, 8
on conflict (town, hour, kind, category, target_kind, target, happened, delay)
  do update set n = tally.n + excluded.n""",
        """
insert into cell_month (town, cell, category, month, n)
select town, cell, category, date_trunc('month', hour at time zone 'UTC'), count(*) from fact
 where happened = 'submitted'
   and sequence > (select last - 2 * (%(last)s - %(first)s + 1) from fact_sequence where town = 'gentilly')
 group by 1, 2, 3, 4
on conflict (town, cell, category, month) do update set n = cell_month.n + excluded.n""",
    ),
}
_TELLS = ("intake", "routing")
_HEARS = {"intake": 1, "routing": 1, "notification": 2, "analytics": 2}


def prefill(world: World, reports: int) -> None:
    """Let there be `reports` older reports in `world`, counting those that came before."""
    first, last = world.older + 1, reports
    if first > last:
        return
    for service in SERVICES:
        with psycopg.connect(world.database_url(service), autocommit=True) as conn:
            for statement, salt in _statements(service):
                row = {"first": first, "last": last, "salt": salt, "service": service}
                conn.execute(statement, row)
            conn.execute("vacuum analyze")
    world.older = reports


def _statements(service: str) -> list[tuple[LiteralString, str]]:
    found = [(statement, "r") for statement in _OWN[service]]
    found += [(_EVENT, "r")] if service in _TELLS else []
    return found + [(_INBOX, str(turn)) for turn in range(_HEARS[service])]
