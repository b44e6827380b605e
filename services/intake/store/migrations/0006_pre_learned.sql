-- Which words went with which categories in a town's reports: shares by stem, nothing that a person wrote.
create table learned (
    town text primary key,
    shares json not null,
    learned_at timestamptz not null default clock_timestamp()
);
