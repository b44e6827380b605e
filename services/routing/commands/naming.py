"""The town that an operator names."""

from __future__ import annotations

import click

from services.routing.domain import TownConfiguration
from services.routing.usecases import configuration as configuring
from shared import db
from shared.l10n.spoken import words_of

_ = words_of("services.routing")


def configured(conn: db.Connection, slug: str) -> TownConfiguration:
    """The present configuration of the town `slug`; a ClickException says which towns there are."""
    configuration = configuring.current(conn, slug)
    if configuration is None:
        known = ", ".join(configuring.known(conn)) or _("none")
        raise click.ClickException(_("no town is called {slug}; there is: {known}", slug=slug, known=known))
    return configuration
