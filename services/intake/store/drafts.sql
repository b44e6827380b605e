-- name: draft_insert
-- Begin one.
insert into draft (town, id, content) values (%(town)s, %(id)s, %(content)s)

-- name: draft_get
-- What is in it, and what became of it.
select content, report_id::text, kept_until from draft where town = %(town)s and id = %(id)s

-- name: draft_lock
-- The same, for whoever changes it: one at a time.
select content, report_id::text, kept_until from draft where town = %(town)s and id = %(id)s for update

-- name: draft_save
-- What is in it now.
update draft set content = %(content)s, changed_at = now() where town = %(town)s and id = %(id)s

-- name: draft_sent
-- It is sent: what was written is the report's, and no longer here.
update draft set content = %(content)s, report_id = %(report_id)s, kept_until = %(kept_until)s, changed_at = now()
 where town = %(town)s and id = %(id)s

-- name: drafts_forget
-- Those that nobody has touched for a day.
with late as (
  select town, id from draft where changed_at < now() - interval '1 day' order by changed_at limit 1000
  for update skip locked
), gone as (
  delete from draft d using late where d.town = late.town and d.id = late.id returning 1
)
select count(*) from gone
