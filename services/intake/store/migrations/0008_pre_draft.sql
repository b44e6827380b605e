-- What people have put into the town's own form; `report_id` once it is sent, and then nothing else of it.
-- Gone a day after the last change.
create table draft (
    town text not null,
    id uuid not null,
    content json not null,
    report_id uuid,
    kept_until timestamptz,
    changed_at timestamptz not null default now(),
    primary key (town, id)
);
create index draft_by_age on draft (changed_at);
