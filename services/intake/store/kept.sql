-- name: address_confirmed
-- Whether a person of the town has shown that the address is theirs.
select exists (select from citizen where town = %(town)s and email_key = %(email_key)s and confirmed_at is not null)

-- name: address_confirm
-- The address is theirs; the first time counts.
update citizen set confirmed_at = now()
 where town = %(town)s and email_key = %(email_key)s and confirmed_at is null

-- name: kept_insert
-- Keep a submission under the id that its report will have.
insert into kept (town, id, submission, kept_until)
values (%(town)s, %(id)s, %(submission)s, now() + make_interval(days => %(days)s))

-- name: kept_take
-- Take a kept submission away, once; nothing where its time is up.
delete from kept where town = %(town)s and id = %(id)s and kept_until > now() returning submission

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
