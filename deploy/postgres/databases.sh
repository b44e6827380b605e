#!/bin/sh
# The four databases, each with a role that owns it and can enter no other, and the roles of the web processes, to
# which `vigie db migrate` gives what their pages need. Doing it again sets the passwords.
# As a superuser of PostgreSQL, with INTAKE_PASSWORD, ROUTING_PASSWORD, NOTIFICATION_PASSWORD, ANALYTICS_PASSWORD,
# INTAKE_WEB_PASSWORD, ROUTING_WEB_PASSWORD and ANALYTICS_WEB_PASSWORD in the environment; psql finds the server as
# usual (PGHOST, PGPORT, PGUSER).
set -eu

# Not as an argument, which every user of the machine could read; nor in the server's log.
run() {
  : "${2:?a password is missing}"
  VIGIE_NAME="vigie_$1" VIGIE_PASSWORD="$2" psql --quiet --no-psqlrc --dbname postgres --set ON_ERROR_STOP=1
}

role() {
  run "$1" "$2" <<'SQL'
set log_statement = 'none';
set log_min_error_statement = 'panic';
\getenv name VIGIE_NAME
\getenv password VIGIE_PASSWORD
select format('create role %I', :'name') where not exists (select from pg_roles where rolname = :'name') \gexec
select format('alter role %I login password %L', :'name', :'password') \gexec
SQL
}

make() {
  role "$1" "$2"
  run "$1" "$2" <<'SQL'
\getenv name VIGIE_NAME
select format('create database %I owner %I', :'name', :'name')
 where not exists (select from pg_database where datname = :'name') \gexec
select format('revoke connect, temporary on database %I from public', :'name') \gexec
SQL
}

make intake "${INTAKE_PASSWORD:-}"
make routing "${ROUTING_PASSWORD:-}"
make notification "${NOTIFICATION_PASSWORD:-}"
make analytics "${ANALYTICS_PASSWORD:-}"
role intake_web "${INTAKE_WEB_PASSWORD:-}"
role routing_web "${ROUTING_WEB_PASSWORD:-}"
role analytics_web "${ANALYTICS_WEB_PASSWORD:-}"
