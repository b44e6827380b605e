-- name: inbox_insert
-- Mark events as taken; returns those that had not been.
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

-- name: inbox_unmark
-- Set aside in the same batch: it has not been taken after all.
delete from inbox
 where town = %(town)s and consumer = %(consumer)s and sender = %(sender)s and event_id = %(event_id)s

-- name: inbox_forget
-- What is older than any replay.
delete from inbox where taken_at < now() - %(age)s::interval
