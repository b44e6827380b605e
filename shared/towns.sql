-- name: town_save
-- The newest configuration of a town; an older one arriving late changes nothing.
insert into town (town, version, configuration)
values (%(town)s, %(version)s, %(configuration)s)
on conflict (town) do update
  set version = excluded.version, configuration = excluded.configuration, configured_at = now()
  where town.version < excluded.version

-- name: town_versions
-- Which version of each town this service has.
select town, version from town

-- name: town_versions_of
-- Whether what is in memory is still the newest.
select town, version from town where town = any(%(towns)s)

-- name: town_get
-- The configuration of one town.
select version, configuration from town where town = %(town)s
