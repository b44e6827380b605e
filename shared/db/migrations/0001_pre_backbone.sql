-- The backbone's own tables, the same in every service's database.

-- Every fact that this service has told, as it was told: the history of a report, and what
-- `vigie events resend` says again. Written with the change that it tells.
create table event (
  town text not null,
  id uuid not null,
  subject text,
  sequence text,
  type text not null,
  time timestamptz not null,
  body json not null,
  primary key (town, id)
);
create index event_by_subject on event (town, subject) where subject is not null;
create index event_by_time on event using brin (time);

-- What is still to be published: which event, where to. A row goes when the broker has confirmed it.
create table outbox (
  town text not null,
  id bigint generated always as identity,
  event_id uuid not null,
  subject text,
  exchange text not null,
  routing_key text not null,
  held_until timestamptz,
  cause text,
  created_at timestamptz not null default now(),
  primary key (town, id)
);
create unique index outbox_in_order on outbox (id);
create index outbox_held on outbox (town, subject, id) where held_until is not null;

-- What has been taken, once for each consumer and sender. A request keeps what it was answered.
create table inbox (
  town text not null,
  consumer text not null,
  sender text not null,
  event_id text not null,
  fingerprint bytea,
  reply json,
  taken_at timestamptz not null default now(),
  primary key (town, consumer, sender, event_id)
);
create index inbox_by_age on inbox using brin (taken_at);

-- Messages whose handler failed and that will be tried again when due.
create table retry (
  town text not null,
  id uuid not null,
  consumer text not null,
  body bytea not null,
  properties jsonb not null,
  attempts integer not null,
  cause text not null,
  due_at timestamptz not null,
  failed_at timestamptz not null default now(),
  primary key (town, id)
);
create index retry_by_due on retry (consumer, due_at);

-- Messages that no retry can save, with their cause, until somebody replays or drops them.
create table parked (
  town text not null,
  id uuid not null,
  consumer text not null,
  body bytea not null,
  properties jsonb not null,
  attempts integer not null,
  cause text not null,
  parked_at timestamptz not null default now(),
  primary key (town, id)
);

-- The last configuration of each town that this service has taken.
create table town (
  town text not null,
  version integer not null,
  configuration json not null,
  configured_at timestamptz not null default now(),
  primary key (town)
);
