-- name: tell
-- What happened and where it is to be published, in the order given, in one statement.
with told as (
  insert into event (town, id, subject, sequence, type, time, body)
  select town, id, subject, sequence, type, time, body
    from json_to_recordset(%(events)s::json)
      as r (town text, id uuid, subject text, sequence text, type text, time timestamptz, body json)
)
insert into outbox (town, event_id, subject, exchange, routing_key)
select town, event_id, subject, exchange, routing_key
  from json_to_recordset(%(routes)s::json)
    as r (town text, event_id uuid, subject text, exchange text, routing_key text)

-- name: relay_lock
-- One relay at a time for each service: the lock goes with the transaction, so a dead relay holds nothing.
select pg_try_advisory_xact_lock(7110002)

-- name: outbox_next
-- The oldest rows to publish, but none of a subject of which an older row is held back.
select o.id, o.town, o.event_id::text, o.subject, o.exchange, o.routing_key, e.type, e.body::text, o.quiet
  from outbox o join event e on e.town = o.town and e.id = o.event_id
 where (o.held_until is null or o.held_until <= now())
   and not exists (
     select from outbox h
      where h.held_until is not null and h.held_until > now() and h.town = o.town and h.subject = o.subject and h.id < o.id)
 order by o.id limit %(limit)s

-- name: outbox_delete
-- Published and confirmed.
delete from outbox where id = any(%(ids)s)

-- name: outbox_hold
-- Returned or refused by the broker: wait, and say why.
update outbox set cause = held.cause, held_until = now() + interval '10 seconds'
  from json_to_recordset(%(held)s::json) as held (id bigint, cause text)
 where outbox.id = held.id

-- name: outbox_state
-- For the metrics: how many rows wait, how old the oldest is, how many are held back.
select count(*), coalesce(extract(epoch from now() - min(created_at)), 0)::float,
       count(*) filter (where held_until is not null)
  from outbox

-- name: event_since
-- What was told since a moment, in order, and how much that is; read step by step.
select town, id::text, time, count(*) over () from event
 where time >= %(since)s and (%(town)s::text is null or town = %(town)s)
   and type = any(%(types)s)
 order by time, sequence, id

-- name: event_resend
-- Put events into the outbox again, in the order given, with their own ids: for everybody, or for one queue.
insert into outbox (town, event_id, subject, exchange, routing_key, quiet)
select e.town, e.id, e.subject,
       case when %(queue)s::text is null then 'events' else '' end,
       coalesce(%(queue)s::text, e.town || '.' || e.type), %(quiet)s
  from json_to_recordset(%(rows)s::json) as r (n int, town text, id uuid)
  join event e on e.town = r.town and e.id = r.id
 order by r.n

-- name: event_history
-- What was told of one subject, in order.
select id::text, type, time, sequence, body from event where town = %(town)s and subject = %(subject)s
 order by sequence, time

-- name: inbox_insert
-- Mark facts as taken; returns those that had not been.
insert into inbox (town, consumer, sender, event_id)
select town, consumer, sender, event_id
  from json_to_recordset(%(rows)s::json) as r (town text, consumer text, sender text, event_id text)
 order by town, consumer, sender, event_id
on conflict do nothing
returning town, sender, event_id

-- name: inbox_find
-- Which of these requests have been answered, and how.
select i.town, i.sender, i.event_id, i.fingerprint, i.reply::text
  from json_to_recordset(%(rows)s::json) as r (town text, consumer text, sender text, event_id text)
  join inbox i on i.town = r.town and i.consumer = r.consumer
              and i.sender = r.sender and i.event_id = r.event_id

-- name: inbox_remember
-- Requests that have been accepted, each with its fingerprint (hexadecimal) and its answer.
insert into inbox (town, consumer, sender, event_id, fingerprint, reply)
select town, consumer, sender, event_id, decode(fingerprint, 'hex'), reply
  from json_to_recordset(%(rows)s::json)
    as r (town text, consumer text, sender text, event_id text, fingerprint text, reply json)
 order by town, consumer, sender, event_id
on conflict do nothing

-- name: inbox_forget
-- What is older than any replay.
delete from inbox where taken_at < now() - %(age)s::interval

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

-- name: park
-- No retry can save it: kept whole, with its cause, and since it failed first.
insert into parked (town, id, consumer, body, properties, attempts, cause, parked_at)
values (%(town)s, %(id)s, %(consumer)s, %(body)s, %(properties)s, %(attempts)s, %(cause)s,
        coalesce((select failed_at from retry where town = %(town)s and id = %(id)s), now()))
on conflict (town, id) do update
  set attempts = excluded.attempts, cause = excluded.cause, parked_at = least(parked.parked_at, excluded.parked_at)

-- name: parked_list
-- What waits for somebody's decision, oldest first.
select town, id::text, consumer, attempts, cause, parked_at, properties, body from parked
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
select looked_at, os_user, name, queue, town, parked_id::text from parked_look order by looked_at

-- name: look_expire
-- Names of operators are kept for as long as somebody may ask who looked.
delete from parked_look where looked_at < now() - %(age)s::interval

-- name: waiting_count
-- For the metrics: how many messages wait to be tried again, and how many are parked.
select (select count(*) from retry), (select count(*) from parked)

-- name: town_save
-- The newest configuration of a town; an older one arriving late changes nothing.
insert into town (town, version, configuration)
values (%(town)s, %(version)s, %(configuration)s)
on conflict (town) do update
  set version = excluded.version, configuration = excluded.configuration, configured_at = now()
  where town.version < excluded.version

-- name: town_versions
-- Which version of each town this service has.
select town, version from town

-- name: town_get
-- The configuration of one town.
select version, configuration from town where town = %(town)s

-- name: inbox_unmark
-- Put aside in the same batch: it has not been taken after all.
delete from inbox
 where town = %(town)s and consumer = %(consumer)s and sender = %(sender)s and event_id = %(event_id)s

-- name: town_versions_of
-- Whether what is in memory is still the newest.
select town, version from town where town = any(%(towns)s)
