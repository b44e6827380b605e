-- Why a report went where it went, in words for its author, by language; null where nobody gave a reason.
alter table follow_up add column reason json;
