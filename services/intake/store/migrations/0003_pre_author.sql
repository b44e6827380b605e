-- The names under which each report was sent: two people may write from one address. Like `citizen`, identity.
-- Reports of before have no row: only the first of each citizen is sure to be of the person whose names are there.
create table author (
  town text not null,
  report_id uuid not null,
  first_name text not null,
  last_name text not null,
  primary key (town, report_id)
);
