-- What intake's pages do: show what became of a report, not who sent it; take photos, and show them; propose
-- categories for words; keep what is being written, and send it; add
-- what its author does about a report. They read the address by which somebody is known
-- again, and names in what is not sent yet; of a report that was taken they read no name.
grant select (town, id, reference, kind, category, language, description, latitude, longitude, address, answers,
              submitted_at, sender) on report to {role};
grant insert on report, author, citizen to {role};
grant select (town, id, email_key, email, confirmed_at) on citizen to {role};
grant update (email_key, confirmed_at) on citizen to {role};
grant insert on follow_up to {role};
grant select on follow_up, photo, api_key, learned to {role};
grant insert, update on photo to {role};
grant insert on photo_pending to {role};
grant select (town, photo_id, thumbnail) on photo_pending to {role};
grant select, insert, update on draft to {role};
grant select, insert, delete on kept to {role};
