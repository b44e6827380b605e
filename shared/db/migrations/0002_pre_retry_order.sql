-- Messages to be tried again are taken one by one, the longest due first, whatever their consumer.
create index retry_in_order on retry (due_at);
drop index retry_by_due;
