-- name: park
-- No retry can save it: kept whole, with its cause, and since it failed first.
insert into parked (town, id, consumer, body, properties, attempts, cause, refused_of, cut_from, parked_at)
values (%(town)s, %(id)s, %(consumer)s, %(body)s, %(properties)s, %(attempts)s, %(cause)s, %(refused_of)s, %(cut_from)s,
        coalesce((select failed_at from retry where town = %(town)s and id = %(id)s), now()))
on conflict (town, id) do update
  set attempts = excluded.attempts, cause = excluded.cause, parked_at = least(parked.parked_at, excluded.parked_at)

-- name: parked_trim
-- Of what is parked by one sender's own fault, the newest stay.
delete from parked where (town, id) in (
  select town, id from parked where refused_of = %(sender)s order by parked_at desc, id desc offset %(quota)s)

-- name: parked_list
-- What waits for somebody's decision, oldest first.
select town, id::text as id, consumer as queue, attempts, cause, parked_at, properties, body,
       coalesce(cut_from, length(body)) as size
  from parked
 where %(id)s::uuid is null or id = %(id)s order by parked_at

-- name: parked_replay
-- Back to its consumer at once, with its attempts forgotten, but not since when it is kept. Another copy of it may
-- be on its way already, told quietly perhaps: the one that is replayed takes its place, so that whoever is to be
-- told is told.
with gone as (delete from parked where id = %(id)s
              returning town, id, consumer, body, properties, parked_at)
insert into retry (town, id, consumer, body, properties, attempts, cause, due_at, failed_at)
select town, id, consumer, body, properties, 0, 'replayed', now(), parked_at from gone
on conflict (town, id) do update
  set properties = excluded.properties, attempts = excluded.attempts, cause = excluded.cause, due_at = excluded.due_at,
      failed_at = least(retry.failed_at, excluded.failed_at)

-- name: parked_drop
-- Forgotten, on somebody's decision.
delete from parked where id = %(id)s

-- name: parked_expire
-- Parked messages may hold what a citizen wrote: none is kept for more than this, however often it was replayed.
delete from parked where parked_at < now() - %(age)s::interval

-- name: look_insert
-- Somebody is about to read a parked message as it came.
insert into parked_look (town, parked_id, queue, os_user, name)
values (%(town)s, %(parked_id)s, %(queue)s, %(os_user)s, %(name)s)

-- name: look_list
-- Who has read which parked message, and when.
select looked_at, os_user, name, queue, town, parked_id::text as parked_id from parked_look order by looked_at

-- name: look_expire
-- Names of operators are kept for as long as somebody may ask who looked.
delete from parked_look where looked_at < now() - %(age)s::interval
