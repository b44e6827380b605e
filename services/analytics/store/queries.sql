-- name: sequence_take
-- A block of sequence numbers for each town; its row stays locked, so towns are counted one batch at a time.
-- A town's first number is the hour of its first fact, in seconds since 1970: where the database was lost, that
-- is above all that was published from the one before, while a town has less than a fact a second on the whole.
with start as (select extract(epoch from date_trunc('hour', now()))::bigint as hour)
insert into fact_sequence (town, last)
select town, hour + n from start, json_to_recordset(%(rows)s::json) as r (town text, n bigint) order by town
on conflict (town) do update
  set last = fact_sequence.last + excluded.last - (select hour from start)
returning town, last

-- name: fact_count
-- Store facts and add them to the counts; one whose event was counted before changes nothing. Returns the new.
with counted as (
  insert into fact (town, sequence, id, event_id, kind, category, target_kind, target, happened,
                    hour, delay, seconds, cell, outcome)
  select town, sequence, id, event_id, kind, category, target_kind, target, happened, hour, delay, seconds, cell,
         outcome
    from json_to_recordset(%(rows)s::json)
      as r (town text, sequence bigint, id uuid, event_id text, kind text, category text, target_kind text,
            target text, happened text, hour timestamptz, delay text, seconds bigint, cell text, outcome text)
   order by town, sequence
  on conflict (town, event_id) do nothing
  returning *
), tallied as (
  insert into tally (town, hour, kind, category, target_kind, target, happened, delay, n, seconds)
  select town, hour, kind, category, coalesce(target_kind, ''), coalesce(target, ''), happened, delay,
         count(*), sum(seconds)
    from counted group by 1, 2, 3, 4, 5, 6, 7, 8
  on conflict (town, hour, kind, category, target_kind, target, happened, delay)
    do update set n = tally.n + excluded.n, seconds = tally.seconds + excluded.seconds
), by_cell as (
  insert into cell_month (town, cell, category, month, n)
  select town, coalesce(cell, ''), category, date_trunc('month', hour at time zone 'UTC'), count(*)
    from counted where happened = 'submitted' group by 1, 2, 3, 4
  on conflict (town, cell, category, month) do update set n = cell_month.n + excluded.n
)
select town, sequence from counted

-- name: cells_seen
-- How many reports each cell and category saw in the twelve months that end with `month`. One short range of
-- the primary key for each, however much is stored.
select r.town, r.cell, r.category, r.month,
       (select coalesce(sum(m.n), 0) from cell_month m
         where m.town = r.town and m.cell = r.cell and m.category = r.category
           and m.month > r.month::date - interval '12 months' and m.month <= r.month::date)::bigint
  from json_to_recordset(%(rows)s::json) as r (town text, cell text, category text, month text)

-- name: facts_counted
-- How many of these events have been counted.
select count(*) from fact where town = %(town)s and event_id = any(%(event_ids)s)

-- name: one_moment
-- Counts and facts are compared as they are at one moment, while others go on counting.
set transaction isolation level repeatable read, read only

-- name: counts_by_target
-- A town's counts over all hours.
select happened, target_kind, target, sum(n)::bigint from tally
 where town = %(town)s group by 1, 2, 3 order by 1, 2, 3

-- name: counts_recounted
-- The same, from the facts themselves.
select happened, coalesce(target_kind, ''), coalesce(target, ''), count(*) from fact
 where town = %(town)s group by 1, 2, 3 order by 1, 2, 3

-- name: town_lock
-- Nobody counts for this town until the end of the transaction. No row: nothing was ever counted for it.
select last from fact_sequence where town = %(town)s for update

-- name: tally_clear
-- Forget a town's counts, to make them anew.
delete from tally where town = %(town)s

-- name: tally_refill
-- A town's counts, from its facts.
insert into tally (town, hour, kind, category, target_kind, target, happened, delay, n, seconds)
select town, hour, kind, category, coalesce(target_kind, ''), coalesce(target, ''), happened, delay,
       count(*), sum(seconds)
  from fact where town = %(town)s group by 1, 2, 3, 4, 5, 6, 7, 8

-- name: cell_month_clear
-- Forget a town's reports by cell, to count them anew.
delete from cell_month where town = %(town)s

-- name: cell_month_refill
-- A town's reports by cell and month, from its facts.
insert into cell_month (town, cell, category, month, n)
select town, coalesce(cell, ''), category, date_trunc('month', hour at time zone 'UTC'), count(*)
  from fact where town = %(town)s and happened = 'submitted' group by 1, 2, 3, 4
