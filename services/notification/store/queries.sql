-- name: deliveries_insert
-- Whom these facts are to be told to; what is in the ledger already stays as it is.
insert into delivery (town, id, event_id, report_id, reference, recipient_kind, recipient_id, channel,
                      template, template_version, language, data, correlation_id,
                      state, cause, next_attempt_at)
select town, id, event_id, report_id, reference, recipient_kind, recipient_id, channel,
       template, template_version, language, data, correlation_id,
       case when quiet then 'sent' else 'pending' end, case when quiet then 'told_before' end,
       case when quiet then null else now() end
  from json_to_recordset(%(rows)s::json)
    as r (town text, id uuid, event_id uuid, report_id uuid, reference text, recipient_kind text,
          recipient_id text, channel text, template text, template_version integer, language text,
          data jsonb, correlation_id text, quiet boolean)
 order by town, event_id, recipient_kind, recipient_id, channel
on conflict do nothing

-- name: deliveries_due
-- How many deliveries of each town are due, counted up to a limit. One step of the index finds the next town
-- that has any left to send, however many there are.
with recursive sending (town) as (
  (select town from delivery where next_attempt_at is not null order by town limit 1)
  union all
  select (select d.town from delivery d where d.next_attempt_at is not null and d.town > s.town
           order by d.town limit 1)
    from sending s where s.town is not null)
select s.town, due.n from sending s, lateral (
  select count(*) as n from (select from delivery d where d.town = s.town and d.next_attempt_at <= now()
                              order by d.next_attempt_at limit %(limit)s) counted) due
 where due.n > 0

-- name: deliveries_claim
-- A town's deliveries that have been due for longest, for this sender alone until the claim ends.
with due as (
  select town, event_id, recipient_kind, recipient_id, channel from delivery
   where town = %(town)s and next_attempt_at <= now()
   order by next_attempt_at limit %(limit)s for update skip locked)
update delivery d set next_attempt_at = now() + make_interval(secs => %(claim)s)
  from due
 where (d.town, d.event_id, d.recipient_kind, d.recipient_id, d.channel)
     = (due.town, due.event_id, due.recipient_kind, due.recipient_id, due.channel)
returning d.town, d.id::text, d.event_id::text, d.report_id::text, d.reference, d.recipient_kind,
          d.recipient_id, d.template, d.language, d.data, d.correlation_id, d.attempts, d.message_id,
          d.next_attempt_at as due_at,
          d.state = 'sending' or coalesce(d.cause = 'disconnected_in_data', false) as uncertain

-- name: delivery_begin
-- An attempt is about to be made, unless the claim has passed to somebody else.
update delivery
   set state = 'sending', attempts = attempts + 1, cause = null,
       next_attempt_at = now() + make_interval(secs => %(claim)s),
       message_id = coalesce(message_id, %(message_id)s), language = %(language)s
 where town = %(town)s and event_id = %(event_id)s and recipient_kind = %(recipient_kind)s
   and recipient_id = %(recipient_id)s and channel = 'mail' and next_attempt_at = %(due_at)s
returning attempts, message_id

-- name: delivery_note
-- What came of the attempt, noted once, and not any more where another has begun since.
update delivery
   set state = %(state)s, cause = %(cause)s, next_attempt_at = %(next)s,
       sent_at = case when %(state)s = 'sent' then now() end
 where town = %(town)s and event_id = %(event_id)s and recipient_kind = %(recipient_kind)s
   and recipient_id = %(recipient_id)s and channel = 'mail' and state = 'sending'
   and attempts = %(attempts)s

-- name: deliveries_put_back
-- Not sent after all: they are due again later, and nothing is counted against them.
update delivery d set next_attempt_at = now() + make_interval(secs => %(after)s)
  from json_to_recordset(%(rows)s::json)
    as r (town text, event_id uuid, recipient_kind text, recipient_id text, due_at timestamptz)
 where (d.town, d.event_id, d.recipient_kind, d.recipient_id, d.channel)
     = (r.town, r.event_id, r.recipient_kind, r.recipient_id, 'mail')
   and d.next_attempt_at = r.due_at

-- name: deliveries_waiting
-- For the metrics: how many are still to be sent, and how old the oldest is.
select count(*), coalesce(extract(epoch from now() - min(created_at)), 0)::float
  from delivery where next_attempt_at is not null

-- name: report_named
-- Which report it is, where neither intake nor routing can be asked.
select town, report_id::text as id, reference from delivery
 where reference = %(reference)s or report_id = %(id)s limit 1

-- name: deliveries_of_report
-- Whom a report's facts were told to, and what came of it, in the order of the facts: their ids ascend.
select id::text, recipient_kind, recipient_id, channel, template, language, state, attempts, cause,
       created_at, sent_at, next_attempt_at
  from delivery where town = %(town)s and report_id = %(report_id)s
 order by event_id, recipient_kind

-- name: deliveries_unsent
-- What an operator may have to look at: failed, or waiting for longer than it should.
select town, id::text, reference, recipient_kind, recipient_id, template, state, attempts, cause, created_at
  from delivery
 where state = 'failed' or (next_attempt_at is not null and created_at < now() - interval '10 minutes')
 order by created_at limit %(limit)s

-- name: delivery_again
-- Somebody has mended what stood in the way: one more attempt.
update delivery set state = 'pending', cause = null, next_attempt_at = now()
 where id = %(id)s and state = 'failed'
