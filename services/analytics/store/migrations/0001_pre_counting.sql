-- What happened to reports, and how often. Nothing here says whose report it is, what it says, or where
-- exactly: `cell` is a cell of a grid of about 200 m (see domain.py), null for a report without a place.

-- One row for each fact taken. `id` and `sequence` are what analysts see. `event_id` is what the fact was
-- told by, so that it counts once, and so that `vigie report show` can say that it was counted; it is
-- published nowhere. `delay` is the class of `seconds`, the time since the report was sent.
create table fact (
  town text not null,
  sequence bigint not null,
  id uuid not null,
  event_id text not null,
  kind text not null,
  category text not null,
  target_kind text,
  target text,
  happened text not null,
  hour timestamptz not null,
  delay text not null,
  seconds bigint not null,
  cell text,
  primary key (town, sequence),
  constraint fact_counted_once unique (town, event_id)
);

-- The last sequence number that each town has given out. Whoever counts for a town holds this row first.
create table fact_sequence (
  town text not null,
  last bigint not null,
  primary key (town)
);

-- How often, by hour. `target_kind` and `target` are '' where the fact has none, since keys hold no null;
-- `seconds` is the sum of the delays. Always what a recount of `fact` would give.
create table tally (
  town text not null,
  hour timestamptz not null,
  kind text not null,
  category text not null,
  target_kind text not null,
  target text not null,
  happened text not null,
  delay text not null,
  n bigint not null,
  seconds bigint not null,
  primary key (town, hour, kind, category, target_kind, target, happened, delay)
);

-- Reports sent by cell, category and calendar month (UTC), by which it is decided whether a fact may be
-- published with its cell. `cell` is '' for reports without a place.
create table cell_month (
  town text not null,
  cell text not null,
  category text not null,
  month date not null,
  n bigint not null,
  primary key (town, cell, category, month)
);
