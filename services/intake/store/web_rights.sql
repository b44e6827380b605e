-- What intake's pages do: show what became of a report, not who sent it; take photos, and show them; propose
-- categories for words.
grant select (town, id, reference, kind, category, language, description, latitude, longitude, address, answers,
              submitted_at) on report to {role};
grant select on follow_up, photo, api_key, learned to {role};
grant insert, update on photo to {role};
grant insert on photo_pending to {role};
