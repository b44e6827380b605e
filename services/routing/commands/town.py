"""`vigie town`: sets a town up and shows how it is set up."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import click

from services.routing import townfiles
from services.routing.commands import arrival, outline, passwords
from services.routing.commands.arrival import Sight
from services.routing.commands.naming import configured
from services.routing.domain import TownConfiguration, lacks, to_event_data
from services.routing.usecases import configuration as configuring
from services.routing.usecases.configuration import Stored
from shared import settings
from shared.amqp.management import BrokerError
from shared.commands import database, town_versions
from shared.l10n import LANGUAGES
from shared.messaging import deployer
from shared.settings import SERVICES
from shared.unit import unit_of_work

_DIRECTORY = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def town() -> None:
    """Set up a town, and see how it is set up."""


@town.command()
@click.argument("directory", metavar="DIR", type=_DIRECTORY)
@click.option("--again", is_flag=True, help="Tell the services even if nothing has changed.")
@click.option("--timeout", default=60.0, show_default=True, help="Seconds to wait for the services.")
def apply(directory: Path, again: bool, timeout: float) -> None:
    """Set up the town that is described in DIR, or change it to that.

    Checks all files first: what is wrong is said with file and line, nothing is changed, and the code is 2.
    Then the broker gets the desks' queues and the tools' users (passwords: VIGIE_PASSWORD_<USER>), routing
    a new version, higher than any that a service has, and every service is told. Returns when all that run
    have it.
    """
    configuration = _checked(directory)
    try:
        urls = {name: settings.required(f"{name.upper()}_WORKER_URL") for name in SERVICES}
        taken = town_versions.taken(configuration.slug)
        _refuse_lost(directory, configuration)
        generated = _apply_broker(configuration, _passwords(configuration))
    except (BrokerError, settings.SettingMissing, passwords.PasswordTooShort) as exc:
        raise click.ClickException(str(exc)) from exc
    with database("routing") as conn, unit_of_work(conn) as unit:
        stored = configuring.store(unit, configuration, again, max(taken.values()))
    how = "new" if stored.new else "told again" if stored.published else "unchanged"
    click.echo(f"{configuration.slug}: version {stored.version} ({how})")
    _await(urls, configuration.slug, stored, timeout)
    for lacking in lacks(configuration):
        click.echo(f"warning: {directory}/{lacking}", err=True)
    if stored.new:
        click.echo("\n".join(_next_steps(configuration, generated, directory)))


@town.command()
@click.argument("slug", metavar="TOWN")
@click.option("--json", "as_json", is_flag=True, help="As services get it, for a program.")
@click.option("--language", type=click.Choice(LANGUAGES), default="fr", show_default=True)
def show(slug: str, as_json: bool, language: str) -> None:
    """How TOWN is set up, in the order of its files, with its rules, target delays and working time."""
    with database("routing") as conn:
        configuration = configured(conn, slug)
    click.echo(configuring.as_json(configuration) if as_json else outline.of(configuration, language))


def _checked(directory: Path) -> TownConfiguration:
    reading = townfiles.read_town(directory)
    for problem in reading.problems:
        click.echo(f"{directory}/{problem}", err=True)
    if reading.configuration is None:
        _refuse(directory, len(reading.errors))
    return reading.configuration


def _refuse_lost(directory: Path, configuration: TownConfiguration) -> None:
    """Exit where a category is gone that reports have."""
    with database("routing") as conn:
        lost = configuring.lost_categories(conn, configuration)
    for slug, reports in lost.items():
        click.echo(
            f"{directory}/categories.yaml: category '{slug}' is gone, and reports have it ({reports}); put it"
            " back and write 'active: false' there: it is then retired, and can be sent no more",
            err=True,
        )
    if lost:
        _refuse(directory, len(lost))


def _refuse(directory: Path, mistakes: int) -> NoReturn:
    click.echo(f"mistakes in {directory}: {mistakes}; nothing was changed", err=True)
    raise SystemExit(2)


def _passwords(configuration: TownConfiguration) -> dict[str, str]:
    """The tools' passwords that were given, by user; says which variables are nobody's."""
    with database("routing") as conn:
        others = configuring.users(conn)
    users = [tool.user for tool in configuration.tools]
    for warning in passwords.of_nobody(users, others, configuration.slug, os.environ):
        click.echo(f"warning: {warning}", err=True)
    return passwords.given(users, os.environ)


def _apply_broker(configuration: TownConfiguration, given: Mapping[str, str]) -> set[str]:
    """Desks and users; returns the users whose new passwords it has printed."""
    data = to_event_data(configuration, configuration.version)
    done = deployer.apply_town(deployer.Broker.from_environment(), data, given)
    for login in done.generated:
        click.echo(f"password of {login.user}, shown this once: {login.password}")
    for user in done.replaced:
        click.echo(f"password of {user} replaced by the one in {deployer.password_setting(user)}")
    for user in done.removed:
        click.echo(f"{user} is no longer a tool of {configuration.slug}: it cannot connect any more")
    for queue in done.left:
        click.echo(f"{queue} is kept: its department is gone, but cases of it may be open")
    return {login.user for login in done.generated}


def _await(urls: dict[str, str], slug: str, stored: Stored, timeout: float) -> None:
    late, away = arrival.await_version(urls, slug, stored.version, timeout, _say_late)
    there = [name for name in urls if name not in away and name not in late]
    if there:
        click.echo(f"{', '.join(there)}: have version {stored.version}")
    for name in away:
        click.echo(f"{name} is not running: it will get version {stored.version} when it starts")
    if late:
        states = "; ".join(f"{name} {sight.says}" for name, sight in late.items())
        raise click.ClickException(
            f"version {stored.version} of {slug} is stored, but after {timeout:g} s {states}: "
            + _remedy("routing" not in away, stored.published)
        )


def _say_late(late: Mapping[str, Sight]) -> None:
    if late:
        click.echo("waiting for " + ", ".join(f"{name} ({sight.says})" for name, sight in late.items()))


def _next_steps(configuration: TownConfiguration, generated: set[str], directory: Path) -> Iterator[str]:
    slug = configuration.slug
    yield "next:"
    if generated:
        yield "  give each tool its password, printed above and kept nowhere; for a lost one set a new one:"
        yield f"    {deployer.password_setting(min(generated))}=… vigie town apply {directory}"
    for tool in configuration.tools:
        if tool.role == "front_end" and tool.user in generated:
            yield f"  for its photos {tool.user} needs a key: vigie intake key {slug} {tool.user}"
    yield f"  see how it is set up now: vigie town show {slug}"


def _remedy(routing_runs: bool, told: bool) -> str:
    if not routing_runs:
        return "start routing, which tells the others"
    return "see their logs and /readyz" if told else "tell it with --again"
