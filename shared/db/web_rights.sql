-- What every web process may do: know the towns, and publish through the outbox.
grant select on town to {role};
grant insert on event, outbox to {role};
