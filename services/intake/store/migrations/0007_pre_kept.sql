-- Reports that wait until their author confirms the address; those that never are, go when their time is up.
create table kept (
    town text not null,
    id uuid not null,
    reference text not null,
    citizen_id uuid not null, -- of nobody yet: mails ask for the address by it
    submission json not null,
    kept_until timestamptz not null,
    primary key (town, id)
);
create index kept_due on kept (kept_until);

-- When somebody first showed that the address is theirs; null until then.
alter table citizen add confirmed_at timestamptz;
