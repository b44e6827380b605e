-- name: suggester_state
-- What a town's suggester is made of: the version of its configuration, and when it last learned.
select t.version, coalesce(l.learned_at::text, '') from town t left join learned l on l.town = t.town
 where t.town = %(town)s

-- name: learned_get
-- What a town has learned.
select shares from learned where town = %(town)s

-- name: learned_save
-- Keep what a town has learned, in place of what it had before.
insert into learned (town, shares) values (%(town)s, %(shares)s)
    on conflict (town) do update set shares = excluded.shares, learned_at = clock_timestamp()

-- name: learned_from
-- What people wrote, and the category it has; the latest reports, in an order that says nothing.
select citizen_id::text, category, description as text from (
  select id, citizen_id, category, description from report where town = %(town)s and kind = 'problem'
   order by submitted_at desc limit %(limit)s) latest
 order by md5(id::text)
