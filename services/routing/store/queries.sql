-- name: town_current
-- The newest configuration of one town, whole.
select version, document from town_version where town = %(town)s order by version desc limit 1

-- name: town_version_insert
-- A new version of a town's configuration.
insert into town_version (town, version, checksum, document)
values (%(town)s, %(version)s, %(checksum)s, %(document)s)

-- name: town_version_last
-- Number and checksum of the last version.
select version, checksum from town_version where town = %(town)s order by version desc limit 1

-- name: town_lock
-- One change of a town's configuration at a time.
select pg_advisory_xact_lock(7110003, hashtext(%(town)s))

-- name: cases_insert
-- Open a case for each report, once.
insert into case_file (town, report_id, reference, report, state, target_kind, target, rule, rule_set, reason,
                       acknowledge_by, resolve_by, sequence, opened_at, changed_at)
select town, report_id, reference, report, state, target_kind, target, rule, rule_set, reason,
       acknowledge_by, resolve_by, sequence, changed_at, changed_at
  from json_to_recordset(%(rows)s::json)
    as r (town text, report_id uuid, reference text, report json, state text, target_kind text, target text,
          rule text, rule_set integer, reason json, acknowledge_by timestamptz, resolve_by timestamptz,
          sequence integer, changed_at timestamptz)

-- name: cases_known
-- Which of these reports have a case.
select c.town, c.report_id::text
  from json_to_recordset(%(rows)s::json) as r (town text, report_id uuid)
  join case_file c on c.town = r.town and c.report_id = r.report_id

-- name: cases_lock
-- The cases of these reports, locked in key order.
select c.town, c.report_id::text as id, c.reference, c.report, c.state, c.target_kind, c.target, c.outcome,
       c.planned_for, c.acknowledge_by, c.resolve_by, c.sequence
  from case_file c
 where (c.town, c.report_id) in (
   select town, report_id from json_to_recordset(%(rows)s::json) as r (town text, report_id uuid))
 order by c.town, c.report_id for update

-- name: cases_update
-- What has become of these cases. Of a clock that was set anew it is not published that it has run out.
update case_file c
   set state = r.state, target_kind = r.target_kind, target = r.target, outcome = r.outcome,
       planned_for = r.planned_for, acknowledge_by = r.acknowledge_by, resolve_by = r.resolve_by,
       acknowledge_overdue = c.acknowledge_overdue and c.acknowledge_by is not distinct from r.acknowledge_by,
       resolve_overdue = c.resolve_overdue and c.resolve_by is not distinct from r.resolve_by,
       sequence = r.sequence, changed_at = r.changed_at
  from json_to_recordset(%(rows)s::json)
    as r (town text, report_id uuid, state text, target_kind text, target text, outcome text,
          planned_for date, acknowledge_by timestamptz, resolve_by timestamptz, sequence integer,
          changed_at timestamptz)
 where c.town = r.town and c.report_id = r.report_id

-- name: cases_decide
-- By which rule these cases are now where they are.
update case_file c set rule = r.rule, rule_set = r.rule_set, reason = r.reason
  from json_to_recordset(%(rows)s::json) as r (town text, report_id uuid, rule text, rule_set integer, reason json)
 where c.town = r.town and c.report_id = r.report_id

-- name: cases_returned
-- Why these cases are in triage again; by which version they were decided before stays.
update case_file c set rule = r.rule, reason = r.reason
  from json_to_recordset(%(rows)s::json) as r (town text, report_id uuid, rule text, reason json)
 where c.town = r.town and c.report_id = r.report_id

-- name: cases_held
-- How many open cases each department and authority of a town has. Triage has no target. The states as above.
select target_kind, target, count(*)::int from case_file
 where town = %(town)s and state in ('routed', 'forwarded', 'triage', 'acknowledged', 'planned') and target is not null
 group by 1, 2 order by 1, 2

-- name: cases_held_lock
-- The open cases of one of them, locked in key order.
select c.town, c.report_id::text as id, c.reference, c.report, c.state, c.target_kind, c.target, c.outcome,
       c.planned_for, c.acknowledge_by, c.resolve_by, c.sequence
  from case_file c
 where town = %(town)s and state in ('routed', 'forwarded', 'triage', 'acknowledged', 'planned')
   and target_kind = %(kind)s and target = %(slug)s
 order by c.town, c.report_id for update

-- name: cases_acknowledge_overdue
-- Cases that nobody has taken up in time and of which that is not published; each by one replica. The states are
-- those of `RUNNING` (domain/cases.py) and of the partial index, which a generic plan with a parameter cannot use.
select c.town, c.report_id::text as id, c.reference, c.report, c.state, c.target_kind, c.target, c.outcome,
       c.planned_for, c.acknowledge_by, c.resolve_by, c.sequence
  from case_file c
 where not acknowledge_overdue and state in ('routed', 'forwarded', 'triage') and acknowledge_by <= %(now)s
 order by c.town, c.report_id limit %(limit)s for update skip locked

-- name: cases_resolve_overdue
-- Cases that have not been dealt with in time and of which that is not published; each by one replica. The states
-- as above.
select c.town, c.report_id::text as id, c.reference, c.report, c.state, c.target_kind, c.target, c.outcome,
       c.planned_for, c.acknowledge_by, c.resolve_by, c.sequence
  from case_file c
 where not resolve_overdue and state in ('routed', 'forwarded', 'triage', 'acknowledged', 'planned')
   and resolve_by <= %(now)s
 order by c.town, c.report_id limit %(limit)s for update skip locked

-- name: cases_mark_overdue
-- It is published of these clocks that they have run out.
update case_file c
   set acknowledge_overdue = acknowledge_overdue or r.clock = 'acknowledge',
       resolve_overdue = resolve_overdue or r.clock = 'resolve', sequence = r.sequence
  from json_to_recordset(%(rows)s::json) as r (town text, report_id uuid, clock text, sequence integer)
 where c.town = r.town and c.report_id = r.report_id

-- name: case_find
-- The case of a reference or report id, and when it was closed; several towns may share a prefix.
select town, report_id::text, reference, report, state, target_kind, target, rule, rule_set, reason, outcome,
       planned_for, acknowledge_by, resolve_by, opened_at, changed_at,
       case when state in ('resolved', 'declined', 'withdrawn') then coalesce(
         (select max(e.time) from event e where e.town = c.town and e.subject = c.report_id::text
             and e.type in ('report.resolved.v1', 'report.declined.v1', 'report.withdrawn.v1')), changed_at) end as ended_at
  from case_file c where reference = %(reference)s or report_id = %(id)s

-- name: case_categories
-- How many reports each of these categories has.
select report ->> 'category', count(*) from case_file
 where town = %(town)s and report ->> 'category' = any(%(categories)s) group by 1 order by 1

-- name: cases_list
-- A town's cases in these states, the oldest first, after one of them; of one department, overdue, or of a department
-- or authority that is not among `holders`, where that is asked. The states in which a clock runs are those above.
select report_id::text, reference, report ->> 'kind', report ->> 'category', opened_at, state, target_kind, target,
       planned_for, acknowledge_by, resolve_by
  from case_file
 where town = %(town)s and state = any(%(states)s)
   and (%(department)s::text is null or (target_kind = 'department' and target = %(department)s))
   and (%(overdue_at)s::timestamptz is null
     or (acknowledge_by <= %(overdue_at)s and state in ('routed', 'forwarded', 'triage'))
     or (resolve_by <= %(overdue_at)s and state in ('routed', 'forwarded', 'triage', 'acknowledged', 'planned')))
   and (%(holders)s::text[] is null or target_kind || '/' || target <> all(%(holders)s))
   and (%(after)s::uuid is null
     or (opened_at, report_id) > (select opened_at, report_id from case_file
                                   where town = %(town)s and report_id = %(after)s))
 order by opened_at, report_id limit %(limit)s

-- name: backlogs
-- For the metrics: of each town, the open cases, those in triage and those that are overdue, and the oldest of these.
-- The states are those of `RUNNING` (domain/cases.py) and of the partial index.
select t.town, count(c.state)::int as open,
       count(*) filter (where c.state = 'triage')::int as triage,
       coalesce(extract(epoch from now() - min(c.changed_at) filter (where c.state = 'triage')), 0)::float as triage_oldest,
       count(*) filter (where c.due <= now())::int as overdue,
       coalesce(extract(epoch from now() - min(c.due) filter (where c.due <= now())), 0)::float as overdue_oldest
  from town t
  left join (
    select town, state, changed_at,
           least(case when state in ('routed', 'forwarded', 'triage') then acknowledge_by end, resolve_by) as due
      from case_file
     where state in ('routed', 'forwarded', 'triage', 'acknowledged', 'planned')) c on c.town = t.town
 group by t.town

-- name: desks_with_tools
-- The departments for which a town's files list a tool.
select distinct t.town, tool ->> 'department'
  from town t, json_array_elements(t.configuration -> 'tools') tool
 where tool ->> 'role' = 'agent' order by 1, 2
