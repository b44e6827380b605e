-- The only place with citizens' identity: one row for each person of a town, by normalised e-mail.
create table citizen (
  town text not null,
  id uuid not null,
  email_key text not null,
  email text not null,
  first_name text not null,
  last_name text not null,
  language text not null,
  registered_at timestamptz not null default now(),
  primary key (town, id),
  constraint citizen_email_taken unique (town, email_key)
);

-- Reports as they were sent.
create table report (
  town text not null,
  id uuid not null,
  reference text not null,
  kind text not null,
  category text not null,
  language text not null,
  description text not null,
  latitude double precision,
  longitude double precision,
  address text,
  answers json not null,
  citizen_id uuid not null,
  share_contact boolean not null,
  sender text not null,
  submitted_at timestamptz not null,
  primary key (town, id),
  constraint report_reference_taken unique (town, reference)
);
create index report_by_citizen on report (town, citizen_id);
create index report_by_time on report using brin (submitted_at);

-- What the citizen may see of what became of the report: one row for each step that routing has told.
create table follow_up (
  town text not null,
  report_id uuid not null,
  sequence text not null,
  state text not null,
  holder_kind text,
  holder text,
  until timestamptz,
  outcome text,
  text text,
  planned_for date,
  happened_at timestamptz not null,
  primary key (town, report_id, sequence)
);

-- Who was given whose address, for what, and when.
create table contact_read (
  town text not null,
  id bigint generated always as identity,
  citizen_id uuid not null,
  report_id uuid not null,
  reader text not null,
  purpose text not null,
  read_at timestamptz not null default now(),
  primary key (town, id)
);
create index contact_read_by_citizen on contact_read (town, citizen_id);
