-- Every version of a town's configuration that was applied, whole, areas and rules included.
create table town_version (
  town text not null,
  version integer not null,
  checksum text not null,
  document json not null,
  applied_at timestamptz not null default now(),
  primary key (town, version)
);

-- What routing knows of a report: who has it, why, in which state and until when.
create table case_file (
  town text not null,
  report_id uuid not null,
  reference text not null,
  report json not null,
  state text not null,
  target_kind text not null,
  target text,
  rule text,
  rule_set integer not null,
  reason json not null,
  outcome text,
  planned_for date,
  acknowledge_by timestamptz,
  resolve_by timestamptz,
  acknowledge_overdue boolean not null default false,
  resolve_overdue boolean not null default false,
  sequence integer not null,
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (town, report_id)
);
create index case_file_by_reference on case_file (town, reference);
create index case_file_by_acknowledge on case_file (acknowledge_by)
  where not acknowledge_overdue and state in ('routed', 'forwarded', 'triage');
create index case_file_by_resolve on case_file (resolve_by)
  where not resolve_overdue and state in ('routed', 'forwarded', 'triage', 'acknowledged', 'planned');
