-- name: retry_insert
-- A message to be tried again when due.
insert into retry (town, id, consumer, body, properties, attempts, cause, due_at)
values (%(town)s, %(id)s, %(consumer)s, %(body)s, %(properties)s, %(attempts)s, %(cause)s,
        now() + make_interval(secs => %(after)s))
on conflict (town, id) do update
  set attempts = excluded.attempts, cause = excluded.cause, due_at = excluded.due_at

-- name: retry_claim
-- The message that has been due longest. It counts as tried from now on, and is due again well within a minute
-- should this worker die; no statement of its handler may take that long.
update retry set due_at = now() + interval '40 seconds', attempts = attempts + 1
 where (town, id) = (
   select town, id from retry where due_at <= now() order by due_at limit 1 for update skip locked)
returning town, id::text, consumer, body, properties, attempts - 1

-- name: retry_release
-- It could not be tried: the database or the broker was away.
update retry set attempts = attempts - 1, due_at = now() + interval '2 seconds'
 where town = %(town)s and id = %(id)s

-- name: retry_park
-- It cannot be tried: taken too often and never finished, or its queue is gone. Another copy of it may be parked
-- already: that one stays, and says what was found last.
with gone as (delete from retry where town = %(town)s and id = %(id)s
              returning town, id, consumer, body, properties, attempts, failed_at)
insert into parked (town, id, consumer, body, properties, attempts, cause, parked_at)
select town, id, consumer, body, properties, attempts, %(cause)s, failed_at from gone
on conflict (town, id) do update
  set attempts = excluded.attempts, cause = excluded.cause, parked_at = least(parked.parked_at, excluded.parked_at)

-- name: retry_delete
-- Done, or parked.
delete from retry where town = %(town)s and id = %(id)s

-- name: waiting_count
-- For the metrics: how many messages wait to be tried again, and how many are parked.
select (select count(*) from retry), (select count(*) from parked)
