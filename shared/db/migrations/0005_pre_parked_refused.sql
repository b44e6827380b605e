-- A message that is refused by its sender's own fault counts towards what that sender may have parked; of a long one the
-- beginning is kept, and how many bytes there were.
alter table parked add column refused_of text, add column cut_from integer;
create index parked_refused on parked (refused_of, parked_at) where refused_of is not null;
