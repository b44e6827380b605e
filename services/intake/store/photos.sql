-- name: key_owner
-- Who an upload key belongs to.
select town, tool from api_key where key_sha256 = %(sha256)s and revoked_at is null

-- name: key_add
-- Give a front end a key; the same one again changes nothing.
insert into api_key (town, tool, key_sha256) values (%(town)s, %(tool)s, %(sha256)s)
on conflict (town, tool, key_sha256) do update set revoked_at = null

-- name: front_ends
-- The front ends of each town as it is set up; no town changes until the transaction ends.
select town, array(select tool ->> 'user' from json_array_elements(configuration -> 'tools') as t (tool)
                    where tool ->> 'role' = 'front_end' order by 1)
  from town order by town for share

-- name: keys_revoke_gone
-- Take all keys from those that are no longer front ends of these towns.
update api_key k set revoked_at = now() from town t
 where t.town = any(%(towns)s) and k.town = t.town and k.revoked_at is null
   and not exists (select from json_array_elements(t.configuration -> 'tools') as listed (tool)
                    where listed.tool ->> 'role' = 'front_end' and listed.tool ->> 'user' = k.tool)

-- name: keys_revoke
-- Take all keys from a front end.
update api_key set revoked_at = now() where town = %(town)s and tool = %(tool)s and revoked_at is null

-- name: photo_again
-- The photo of these very bytes that waits to be named; it begins to wait anew.
update photo set uploaded_at = now()
 where town = %(town)s and owner = %(owner)s and upload_sha256 = %(upload_sha256)s
   and report_id is null and state <> 'erased'
returning id::text

-- name: owner_lock
-- One photo of a front end at a time, so that its quota is exact.
select pg_advisory_xact_lock(7110004, hashtext(%(town)s || '/' || %(owner)s))

-- name: unnamed
-- How many photos of a front end no report has named yet, and how many bytes are kept of them.
select count(*), coalesce(sum(size + thumbnail_size), 0)::bigint from photo
 where town = %(town)s and owner = %(owner)s and report_id is null and state <> 'erased'

-- name: photo_add
-- Keep a cleaned photo; of two at the same moment, the first.
insert into photo (town, id, owner, upload_sha256, uploaded_type, size, width, height, sha256,
                   thumbnail_size, thumbnail_sha256)
values (%(town)s, %(id)s, %(owner)s, %(upload_sha256)s, %(uploaded_type)s, %(size)s, %(width)s, %(height)s,
        %(sha256)s, %(thumbnail_size)s, %(thumbnail_sha256)s)
on conflict (town, owner, upload_sha256) where report_id is null and state <> 'erased'
do update set uploaded_at = now()
returning id::text

-- name: pending_add
-- Keep its bytes until the object store has them.
insert into photo_pending (town, photo_id, image, thumbnail)
values (%(town)s, %(id)s, %(image)s, %(thumbnail)s)

-- name: photos_free
-- Which of these a report of their owner may claim: the owner's own, not erased, that no report has.
select p.town, p.owner, p.id::text
  from json_to_recordset(%(rows)s::json) as r (town text, owner text, photo_id uuid)
  join photo p on p.town = r.town and p.owner = r.owner and p.id = r.photo_id
 where p.state <> 'erased' and p.report_id is null

-- name: photos_lock_free
-- The same, locked in key order: nobody else can claim them before this transaction ends.
select p.town, p.owner, p.id::text
  from json_to_recordset(%(rows)s::json) as r (town text, owner text, photo_id uuid)
  join photo p on p.town = r.town and p.owner = r.owner and p.id = r.photo_id
 where p.state <> 'erased' and p.report_id is null
 order by p.town, p.id for no key update of p

-- name: photos_claim
-- Tie photos, which are locked, to the reports that name them.
update photo p set report_id = r.report_id
  from json_to_recordset(%(rows)s::json) as r (town text, owner text, photo_id uuid, report_id uuid)
 where p.town = r.town and p.owner = r.owner and p.id = r.photo_id

-- name: photos_of_report
-- The photos of one report, in the order in which they came.
select id::text, state, width, height from photo
 where town = %(town)s and report_id = %(report_id)s and state <> 'erased' order by uploaded_at, id

-- name: photo_state
-- Whether a photo can be shown.
select state from photo where town = %(town)s and id = %(id)s

-- name: pending_thumbnail
-- A photo that waits for the store, small.
select thumbnail from photo_pending where town = %(town)s and photo_id = %(id)s

-- name: pending_lease
-- The photo that has waited longest for the store; nobody else takes it before its next attempt is due.
update photo_pending p set attempts = attempts + 1,
       due_at = now() + make_interval(secs => least(%(longest)s, power(2, least(attempts, 20))))
  from (select town, photo_id from photo_pending where due_at <= now() order by due_at
         limit 1 for update skip locked) as next
 where p.town = next.town and p.photo_id = next.photo_id
returning p.town, p.photo_id::text, p.image, p.thumbnail

-- name: pending_done
-- The store has it: its bytes leave the database.
delete from photo_pending where town = %(town)s and photo_id = %(id)s

-- name: photo_stored
-- It can be shown from the store.
update photo set state = 'stored', stored_at = now()
 where town = %(town)s and id = %(id)s and state = 'pending'

-- name: unnamed_delete
-- Forget uploads that no report has named in time.
delete from photo p using (
  select town, id from photo where report_id is null and uploaded_at < now() - make_interval(hours => %(hours)s)
   order by town, id limit 100 for update skip locked) as late
 where p.town = late.town and p.id = late.id
returning p.town, p.id::text

-- name: removal_add
-- Have the objects of these photos removed.
insert into photo_removal (town, photo_id)
select town, id from json_to_recordset(%(rows)s::json) as r (town text, id uuid)
on conflict do nothing

-- name: removal_lease
-- Objects to remove; nobody else takes them before the next attempt is due.
update photo_removal r set attempts = attempts + 1,
       due_at = now() + make_interval(secs => least(%(longest)s, power(2, least(attempts, 20))))
  from (select town, photo_id from photo_removal where due_at <= now() order by due_at
         limit 1 for update skip locked) as next
 where r.town = next.town and r.photo_id = next.photo_id
returning r.town, r.photo_id::text

-- name: removal_done
-- They are gone.
delete from photo_removal where town = %(town)s and photo_id = %(id)s

-- name: waiting
-- How many photos wait for the store, and for how long the oldest has, in seconds.
select count(*), coalesce(extract(epoch from now() - min(p.uploaded_at)), 0)::float8
  from photo_pending w join photo p on p.town = w.town and p.id = w.photo_id
