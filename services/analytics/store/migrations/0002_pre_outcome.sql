-- How it ended, why it was withdrawn, how it was rated; null for all else, and for what was counted before.
alter table fact add column outcome text;
