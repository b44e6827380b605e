-- name: reports_find
-- Reports with where they are now, the newest first. Ids ascend in time: a window of time is a range of the key,
-- which is walked from its end until there are enough.
select r.id::text, r.reference, r.kind, r.category, r.submitted_at, r.sender, r.description, r.latitude,
       r.longitude, r.address, coalesce(now.state, 'submitted') as state, now.outcome, now.holder_kind, now.holder,
       now.reason, now.text, coalesce(now.happened_at, r.submitted_at) as updated_at, due.until,
       case when r.sender = %(tool)s then (
         select p.id::text from photo p where p.town = r.town and p.report_id = r.id and p.state <> 'erased'
          order by p.uploaded_at, p.id limit 1) end as photo
  from report r
  left join lateral (
    select state, outcome, holder_kind, holder, reason, text, happened_at from follow_up f
     where f.town = r.town and f.report_id = r.id and f.state not in ('overdue', 'completed', 'rated')
     order by f.state = 'withdrawn' and not exists (
       select from follow_up l where l.town = f.town and l.report_id = f.report_id and l.sequence > f.sequence
          and l.state in ('resolved', 'declined')) desc, f.sequence desc limit 1) now on true
  left join lateral (
    select until from follow_up f
     where f.town = r.town and f.report_id = r.id and f.until is not null order by f.sequence desc limit 1) due on true
 where r.town = %(town)s and r.id between %(first)s::uuid and %(last)s::uuid
   and case when %(references)s::text[] is not null then r.reference = any(%(references)s::text[]) else
       r.submitted_at >= %(begin)s and r.submitted_at < %(end)s
       and (%(categories)s::text[] is null or r.category = any(%(categories)s::text[]))
       and coalesce(case when now.state = any(%(ended)s) then %(closed)s::boolean else not %(closed)s::boolean end, true)
       and (%(updated_after)s::timestamptz is null
            or coalesce(now.happened_at, r.submitted_at) >= %(updated_after)s::timestamptz)
       and (%(updated_before)s::timestamptz is null
            or coalesce(now.happened_at, r.submitted_at) < %(updated_before)s::timestamptz)
       and (%(south)s::float is null or (r.sender = %(tool)s
            and r.latitude between %(south)s and %(north)s and r.longitude between %(west)s and %(east)s)) end
 order by r.id desc limit %(size)s offset %(skipped)s

-- name: reports_steps
-- What happened to reports; what their authors added and think of it is between them and the town.
select r.reference, f.sequence, f.state, f.outcome, f.text, f.happened_at, r.sender
  from report r join follow_up f on f.town = r.town and f.report_id = r.id
 where r.town = %(town)s and r.reference = any(%(references)s) and f.state not in ('completed', 'rated')
 order by r.id, f.sequence limit 1000
