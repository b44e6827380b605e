-- What is told again to a service that lost its database, which then knows it without acting upon it.
alter table outbox add column quiet boolean not null default false;
