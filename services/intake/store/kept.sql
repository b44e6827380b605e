-- name: address_confirmed
-- Whether a person of the town has shown that the address is theirs.
select exists (select from citizen where town = %(town)s and email_key = %(email_key)s and confirmed_at is not null)

-- name: address_confirm
-- The address is theirs; the first time counts.
update citizen set confirmed_at = now()
 where town = %(town)s and email_key = %(email_key)s and confirmed_at is null

-- name: kept_insert
-- Keep a submission under the id that its report will have.
insert into kept (town, id, reference, citizen_id, submission, kept_until)
values (%(town)s, %(id)s, %(reference)s, %(citizen_id)s, %(submission)s, now() + make_interval(days => %(days)s))
returning kept_until

-- name: kept_take
-- Take a kept submission away, once; nothing where its time is up.
delete from kept where town = %(town)s and id = %(id)s and kept_until > now()
returning reference, submission

-- name: kept_forget
-- Forget those whose time is up, and have their photos removed.
with late as (
  select town, id from kept where kept_until <= now() order by kept_until limit 100 for update skip locked
), gone as (
  delete from kept k using late where k.town = late.town and k.id = late.id returning k.town, k.id
), photos as (
  delete from photo p using gone where p.town = gone.town and p.report_id = gone.id returning p.town, p.id
), removed as (
  insert into photo_removal (town, photo_id) select town, id from photos on conflict do nothing
)
select count(*) from gone

-- name: kept_get
-- One that still waits: what it is about, and until when.
select reference, submission ->> 'category' as category, submission ->> 'language' as language, kept_until
  from kept where town = %(town)s and id = %(id)s and kept_until > now()

-- name: kept_find
-- Which report still waits under this reference or id, and until when; nothing that tells who wrote it.
select town, id::text, reference, submission ->> 'kind' as kind, submission ->> 'category' as category, kept_until,
       'kept' as state
  from kept where (reference = %(reference)s or id = %(id)s) and kept_until > now() limit 1

-- name: kept_contacts
-- The people behind these, by the names that they gave.
select k.id::text as report_id, k.citizen_id::text, author.email, author.first_name, author.last_name
  from json_to_recordset(%(rows)s::json) as wanted (town text, citizen_id uuid, report_id uuid)
  join kept k on k.town = wanted.town and k.id = wanted.report_id and k.citizen_id = wanted.citizen_id
  cross join json_to_record(k.submission -> 'author') as author (email text, first_name text, last_name text)
 where k.kept_until > now()
