-- Who has read a parked message as it came, with all that a citizen may have written in it, and when.
create table parked_look (
  town text not null,
  id bigint generated always as identity,
  parked_id uuid not null,
  queue text not null,
  os_user text not null,
  name text,
  looked_at timestamptz not null default now(),
  primary key (town, id)
);
