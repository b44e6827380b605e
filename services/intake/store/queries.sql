-- name: citizens_register
-- One row for each person; somebody known is never overwritten.
insert into citizen (town, id, email_key, email, first_name, last_name, language)
select town, id, email_key, email, first_name, last_name, language
  from json_to_recordset(%(rows)s::json)
    as r (town text, id uuid, email_key text, email text, first_name text, last_name text, language text)
 order by town, email_key
on conflict on constraint citizen_email_taken do nothing

-- name: citizens_unkeyed
-- Those whose key of the first release was not their own, and who have not written since.
select town, id::text, email from citizen where town = any(%(towns)s) and email_key like '%% %%' order by town, id

-- name: citizens_key
-- Give them their own, unless somebody has it.
update citizen c set email_key = r.email_key
  from json_to_recordset(%(rows)s::json) as r (town text, id uuid, email_key text)
 where c.town = r.town and c.id = r.id and c.email_key like '%% %%'
   and not exists (select 1 from citizen other where other.town = r.town and other.email_key = r.email_key)

-- name: citizens_by_reports
-- Every citizen with the reports that came from the address, and how many have no names of their own.
select c.town, c.id::text, c.email, array_agg(r.reference order by r.id) as refs,
       min(r.submitted_at) as first, max(r.submitted_at) as last,
       count(*) filter (where a.report_id is null) as unnamed
  from citizen c
  join report r on r.town = c.town and r.citizen_id = c.id
  left join author a on a.town = r.town and a.report_id = r.id
 where %(town)s::text is null or c.town = %(town)s
 group by c.town, c.id, c.email
 order by c.town, min(r.submitted_at)

-- name: citizens_find
-- The ids of these people.
select c.town, c.email_key, c.id::text
  from json_to_recordset(%(rows)s::json) as r (town text, email_key text)
  join citizen c on c.town = r.town and c.email_key = r.email_key

-- name: reports_insert
-- Store reports as they were sent, and apart from them the names of those who sent them.
with sent as (
  select * from json_to_recordset(%(rows)s::json)
    as r (town text, id uuid, reference text, kind text, category text, language text, description text,
          latitude double precision, longitude double precision, address text, answers json,
          citizen_id uuid, share_contact boolean, sender text, submitted_at timestamptz,
          first_name text, last_name text)
), stored as (
  insert into report (town, id, reference, kind, category, language, description, latitude, longitude, address,
                      answers, citizen_id, share_contact, sender, submitted_at)
  select town, id, reference, kind, category, language, description, latitude, longitude, address,
         answers, citizen_id, share_contact, sender, submitted_at from sent
)
insert into author (town, report_id, first_name, last_name) select town, id, first_name, last_name from sent

-- name: follow_up_insert
-- What routing has published, once for each of its events.
insert into follow_up (town, report_id, sequence, state, holder_kind, holder, reason, until, outcome, text,
                       planned_for, happened_at)
select town, report_id, sequence, state, holder_kind, holder, reason, until, outcome, text, planned_for,
       happened_at
  from json_to_recordset(%(rows)s::json)
    as r (town text, report_id uuid, sequence text, state text, holder_kind text, holder text,
          reason json, until timestamptz, outcome text, text text, planned_for date, happened_at timestamptz)
 order by town, report_id, sequence
on conflict do nothing

-- name: follow_up_steps
-- The steps of one report, in order.
select state, holder_kind, holder, reason, until, outcome, text, planned_for, happened_at from follow_up
 where town = %(town)s and report_id = %(report_id)s order by sequence

-- name: steps_lock
-- One act of a report's author at a time.
select pg_advisory_xact_lock(7110005, hashtext(%(town)s || '/' || %(report_id)s))

-- name: steps_last
-- The sequence of the last step of a report.
select max(sequence) from follow_up where town = %(town)s and report_id = %(report_id)s

-- name: steps_holder
-- Who has a report: of steps that change nothing about that, none counts.
select holder_kind, holder from follow_up
 where town = %(town)s and report_id = %(report_id)s and state <> 'overdue' order by sequence desc limit 1

-- name: report_get
-- One report as it was sent, without its author.
select id::text, reference, kind, category, language, description, latitude, longitude, address, answers,
       submitted_at
  from report where town = %(town)s and id = %(id)s

-- name: report_find
-- Which report has this reference; several towns may.
select town, id::text from report where reference = %(reference)s or id = %(id)s

-- name: contacts_get
-- The people behind these reports, each by the names under which that report was sent, for one purpose: an
-- authority gets only those who agreed to it with that report. Of a report of before names were kept, it gets
-- those of the account where they are sure to be the author's: for the account's first report.
select r.id::text as report_id, c.id::text as citizen_id, c.email,
       coalesce(a.first_name, c.first_name) as first_name, coalesce(a.last_name, c.last_name) as last_name
  from json_to_recordset(%(rows)s::json) as wanted (town text, citizen_id uuid, report_id uuid)
  join report r on r.town = wanted.town and r.id = wanted.report_id
  join citizen c on c.town = r.town and c.id = r.citizen_id and c.id = wanted.citizen_id
  left join author a on a.town = r.town and a.report_id = r.id
 where not %(only_sharing)s
    or (r.share_contact and (a.report_id is not null or not exists (
         select 1 from report earlier
          where earlier.town = r.town and earlier.citizen_id = r.citizen_id and earlier.id < r.id)))

-- name: contacts_read
-- Keep who was given whose address.
insert into contact_read (town, citizen_id, report_id, reader, purpose)
select town, citizen_id, report_id, reader, purpose
  from json_to_recordset(%(rows)s::json)
    as r (town text, citizen_id uuid, report_id uuid, reader text, purpose text)
