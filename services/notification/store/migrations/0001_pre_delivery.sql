-- The ledger: every mail to anybody, with its attempts and its outcome.
-- `data` holds what the template reads of the fact: never a rendered text, an address or a link to the
-- citizen's page. `id` is derived from the primary key, so the same mail has the same id, and the same
-- Message-ID, even where the ledger had to be made anew.
create table delivery (
  town text not null,
  id uuid not null,
  event_id uuid not null,
  report_id uuid not null,
  reference text not null,
  recipient_kind text not null check (recipient_kind in ('citizen', 'authority')),
  recipient_id text not null,
  channel text not null check (channel in ('mail')),
  template text not null,
  template_version integer not null,
  language text,  -- an authority's is known when the first mail is written
  data jsonb not null,
  correlation_id text,
  state text not null default 'pending' check (state in ('pending', 'sending', 'sent', 'failed')),
  attempts integer not null default 0,
  -- When it is next anybody's turn to send it. A sender claims it by moving this into the future: its claim
  -- ends by itself, and the exact moment is what it is known by. Null once nothing is left to do.
  next_attempt_at timestamptz default now(),
  message_id text,
  cause text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  -- One message per fact, person and channel, whatever is delivered again. Event ids ascend in time, so that
  -- rows are added at the end of this index however many there are; the derived ids would fall anywhere.
  primary key (town, event_id, recipient_kind, recipient_id, channel),
  check ((next_attempt_at is null) = (state in ('sent', 'failed')))
);
create index delivery_due on delivery (next_attempt_at) where next_attempt_at is not null;
create index delivery_failed on delivery (created_at) where state = 'failed';
create index delivery_by_report on delivery (town, report_id);
