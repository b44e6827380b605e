-- name: outbox_write
-- Events and where they are to be published, in the order given, in one statement.
with written as (
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
select count(*) as rows, coalesce(extract(epoch from now() - min(created_at)), 0)::float as age,
       count(*) filter (where held_until is not null) as held
  from outbox

-- name: event_since
-- What was published since a moment, in order, and how much that is; read step by step.
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
-- What was published of one subject, in order.
select id::text as id, type, time, sequence, body from event where town = %(town)s and subject = %(subject)s
 order by sequence, time

-- name: outbox_notify
-- Wakes the relay, which runs in another process. Not on the way of events: a notification in each transaction
-- there costs two thirds of the throughput.
notify outbox

-- name: outbox_listen
-- The relay is to be woken.
listen outbox
