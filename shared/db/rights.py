"""The rights of a service's web process in the service's database: what its pages do, and no more."""

from __future__ import annotations

from importlib.resources import files
from typing import LiteralString

import psycopg
from psycopg import sql

from shared.l10n.spoken import words_of

_ = words_of("shared")

_ENTER = "grant connect on database {database} to {role}"
_NOTHING = """revoke all on all tables in schema public from {role};
revoke all on all sequences in schema public from {role}"""


class RoleMissing(Exception):
    """There is no such role: whoever sets up the server makes it, and its password."""

    def __init__(self, role: str) -> None:
        super().__init__(
            _("the role {role} is missing: make it as deploy/README.md says, and try again", role=role)
        )


def grant(url: str, service: str, role: str) -> None:
    """Give `role` the rights of `services/<service>/store/web_rights.sql` and `web_rights.sql`, and no other.

    `url`: the database's, for its owner. Raises RoleMissing.
    """
    try:
        with psycopg.connect(url) as conn:
            for statements in (_ENTER, _NOTHING, _read("shared.db"), _read(f"services.{service}.store")):
                names = {"role": sql.Identifier(role), "database": sql.Identifier(conn.info.dbname)}
                conn.execute(sql.SQL(statements).format(**names))
    except psycopg.errors.UndefinedObject:
        raise RoleMissing(role) from None


def _read(package: str) -> LiteralString:
    # The text comes from a file of ours, never from outside, which is what LiteralString stands for.
    text: LiteralString = files(package).joinpath("web_rights.sql").read_text(encoding="utf-8")
    return text
