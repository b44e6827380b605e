"""`vigie broker`: sets up what the services meet on."""

from __future__ import annotations

import click

from shared import settings
from shared.amqp.management import BrokerError
from shared.l10n.spoken import words_of
from shared.messaging import deployer, topology

_ = words_of("shared")


@click.group()
def broker() -> None:
    """Set up RabbitMQ with the deployer's rights."""


@broker.command()
def apply() -> None:
    """Create what the services need on the broker: exchanges, queues, users and permissions.

    Works on ADMIN_AMQP_URL and ADMIN_API_URL; the services' users and passwords are those in their
    INTAKE_AMQP_URL and so on. Doing it again changes nothing, and sets passwords that have changed.
    """
    try:
        where = deployer.Broker.from_environment()
        urls = {name: settings.required(f"{name.upper()}_AMQP_URL") for name in settings.SERVICES}
        deployer.apply_services(where, {name: deployer.Login.of(url) for name, url in urls.items()})
    except (BrokerError, settings.SettingMissing) as exc:
        raise click.ClickException(str(exc)) from exc
    made = topology.services()
    numbers = {"exchanges": len(made.exchanges), "queues": len(made.queues), "users": len(urls)}
    text = _(
        "vhost {vhost}: {exchanges} exchanges, {queues} queues, {users} users", vhost=where.vhost, **numbers
    )
    click.echo(text)


def register(cli: click.Group) -> None:
    """Add `vigie broker`."""
    cli.add_command(broker)
