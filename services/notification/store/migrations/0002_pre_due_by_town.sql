-- Towns take turns: what is due is looked for town by town.
create index delivery_due_by_town on delivery (town, next_attempt_at) where next_attempt_at is not null;
