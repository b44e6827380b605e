"""`vigie town`: sets a town up and shows how it is set up."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import click

from services.routing import townfiles
from services.routing.commands import arrival, outline, passwords, successors
from services.routing.commands.arrival import Sight
from services.routing.commands.naming import configured
from services.routing.domain import TownConfiguration, lacks, to_event_data
from services.routing.usecases import configuration as configuring
from services.routing.usecases import handing_over
from services.routing.usecases.configuration import Stored
from shared import settings
from shared.amqp.management import BrokerError
from shared.commands import database, town_versions
from shared.commands.groups import town
from shared.commands.language import language_option
from shared.l10n.spoken import spoken, words_of
from shared.messaging import deployer
from shared.settings import SERVICES
from shared.unit import Unit, unit_of_work

__all__ = ["apply", "show", "town"]

_ = words_of("services.routing")

_DIRECTORY = click.Path(exists=True, file_okay=False, path_type=Path)


@town.command()
@click.argument("directory", metavar="DIR", type=_DIRECTORY)
@click.option("--again", is_flag=True, help="Tell the services even if nothing has changed.")
@click.option("--move", "moves", multiple=True, metavar="FROM=TO", help="Who takes over open cases.")
@click.option("--timeout", default=60.0, show_default=True, help="Seconds to wait for the services.")
def apply(directory: Path, again: bool, moves: tuple[str, ...], timeout: float) -> None:
    """Set up the town that is described in DIR, or change it to that.

    Checks all files first: what is wrong is said with file and line, nothing is changed, and the code is 2.
    Then the broker gets the desks' queues and the tools' users (passwords: VIGIE_PASSWORD_<USER>), routing
    a new version, higher than any that a service has, and every service is told. Returns when all that run
    have it.

    Where a department or an authority is gone that has open cases, --move says whose they become:
    --move voirie=espaces-verts.
    """
    named = successors.parse(moves)
    configuration = _checked(directory)
    try:
        urls = {name: settings.required(f"{name.upper()}_WORKER_URL") for name in SERVICES}
        taken = town_versions.taken(configuration.slug)
        _refuse_renamed(directory, configuration)
        _refuse_lost(directory, configuration)
        _refuse_stranded(directory, configuration, named)
        generated = _apply_broker(configuration, _passwords(configuration))
    except (BrokerError, settings.SettingMissing, passwords.PasswordTooShort) as exc:
        raise click.ClickException(str(exc)) from exc
    with database("routing") as conn, unit_of_work(conn) as unit:
        stored = configuring.store(unit, configuration, again, max(taken.values()))
        moved = _hand_over(unit, configuration.slug, named)
    how = _("new") if stored.new else _("told again") if stored.published else _("unchanged")
    click.echo(
        _("{town}: version {version} ({how})", town=configuration.slug, version=stored.version, how=how)
    )
    if moved:
        click.echo(_("open reports that were given to others: {number}", number=moved))
    _await(urls, configuration.slug, stored, timeout)
    for lacking in lacks(configuration, spoken()):
        click.echo(_("warning: {what}", what=f"{directory}/{lacking}"), err=True)
    if stored.new:
        click.echo("\n".join(_next_steps(configuration, generated, directory)))


@town.command()
@click.argument("slug", metavar="TOWN")
@click.option("--json", "as_json", is_flag=True, help="As services get it, for a program.")
@language_option
def show(slug: str, as_json: bool, language: str) -> None:
    """How TOWN is set up, in the order of its files, with its rules, target delays and working time."""
    with database("routing") as conn:
        configuration = configured(conn, slug)
    click.echo(configuring.as_json(configuration) if as_json else outline.of(configuration, language))


def _checked(directory: Path) -> TownConfiguration:
    reading = townfiles.read_town(directory)
    for mistake in reading.mistakes:
        click.echo(f"{directory}/{mistake}", err=True)
    if reading.configuration is None:
        _refuse(directory, len(reading.errors))
    return reading.configuration


def _refuse_lost(directory: Path, configuration: TownConfiguration) -> None:
    """Exit where a category is gone that reports have."""
    with database("routing") as conn:
        lost = configuring.lost_categories(conn, configuration)
    for slug, reports in lost.items():
        text = _(
            "category '{slug}' is gone, and reports have it ({reports}); put it back and write "
            "'active: false' there: it is then retired, and can be sent no more",
            slug=slug,
            reports=reports,
        )
        click.echo(f"{directory}/categories.yaml: {text}", err=True)
    if lost:
        _refuse(directory, len(lost))


def _refuse_stranded(directory: Path, configuration: TownConfiguration, named: Mapping[str, str]) -> None:
    """Exit where a department or an authority is gone that has open cases, and nobody is to follow it."""
    with database("routing") as conn:
        stranded = handing_over.stranded(conn, configuration)
        before = configuring.current(conn, configuration.slug)
    wrong = list(successors.mistakes(directory, configuration, before, stranded, named))
    for mistake in wrong:
        click.echo(mistake, err=True)
    if wrong:
        _refuse(directory, len(wrong))


def _hand_over(unit: Unit, slug: str, named: Mapping[str, str]) -> int:
    """Give open cases to whoever follows; returns how many."""
    stored = configuring.current(unit.conn, slug)
    assert stored is not None
    gone = handing_over.stranded(unit.conn, stored)
    return handing_over.hand_over(unit, stored, successors.resolved(stored, gone, named))


def _refuse_renamed(directory: Path, configuration: TownConfiguration) -> None:
    """Exit where a new town has the name and the sender of another: it is that one, under another slug."""
    with database("routing") as conn:
        twin = configuring.twin(conn, configuration)
    if twin:
        text = _(
            "slug '{slug}' is new, and the town '{town}' has this name and this sender; a slug is for "
            "ever: write 'slug: {town}' again, or, if this is another town, give it a sender of its own",
            slug=configuration.slug,
            town=twin,
        )
        click.echo(f"{directory}/town.yaml: {text}", err=True)
        _refuse(directory, 1)


def _refuse(directory: Path, mistakes: int) -> NoReturn:
    text = _("mistakes in {directory}: {number}; nothing was changed", directory=directory, number=mistakes)
    click.echo(text, err=True)
    raise SystemExit(2)


def _passwords(configuration: TownConfiguration) -> dict[str, str]:
    """The tools' passwords that were given, by user; says which variables are nobody's."""
    with database("routing") as conn:
        others = configuring.users(conn)
    users = [tool.user for tool in configuration.tools]
    for warning in passwords.of_nobody(users, others, configuration.slug, os.environ):
        click.echo(_("warning: {what}", what=warning), err=True)
    return passwords.given(users, os.environ)


def _apply_broker(configuration: TownConfiguration, given: Mapping[str, str]) -> set[str]:
    """Desks and users; returns the users whose new passwords it has printed."""
    data = to_event_data(configuration, configuration.version)
    done = deployer.apply_town(deployer.Broker.from_environment(), data, given)
    for login in done.generated:
        secret = {"user": login.user, "password": login.password}
        click.echo(_("password of {user}, shown this once: {password}", **secret))
    for user in done.replaced:
        setting = deployer.password_setting(user)
        click.echo(_("password of {user} replaced by the one in {setting}", user=user, setting=setting))
    for user in done.removed:
        here = {"user": user, "town": configuration.slug}
        click.echo(_("{user} is no longer a tool of {town}: it cannot connect any more", **here))
    for queue in done.left:
        click.echo(_("{queue} is kept: its department is gone, but cases of it may be open", queue=queue))
    return {login.user for login in done.generated}


def _await(urls: dict[str, str], slug: str, stored: Stored, timeout: float) -> None:
    late, away = arrival.await_version(urls, slug, stored.version, timeout, _say_late)
    there = [name for name in urls if name not in away and name not in late]
    if there:
        names = ", ".join(there)
        click.echo(_("{services}: have version {version}", services=names, version=stored.version))
    for name in away:
        coming = {"service": name, "version": stored.version}
        click.echo(_("{service} is not running: it will get version {version} when it starts", **coming))
    if late:
        states = "; ".join(f"{name} {sight.says}" for name, sight in late.items())
        text = _(
            "version {version} of {town} is stored, but after {seconds} s {states}: {remedy}",
            version=stored.version,
            town=slug,
            seconds=f"{timeout:g}",
            states=states,
            remedy=_remedy("routing" not in away, stored.published),
        )
        raise click.ClickException(text)


def _say_late(late: Mapping[str, Sight]) -> None:
    if late:
        services = ", ".join(f"{name} ({sight.says})" for name, sight in late.items())
        click.echo(_("waiting for {services}", services=services))


def _next_steps(configuration: TownConfiguration, generated: set[str], directory: Path) -> Iterator[str]:
    slug = configuration.slug
    yield _("next:")
    if generated:
        yield _(
            "  give each tool its password, printed above and kept nowhere; for a lost one set a new one:"
        )
        yield f"    {deployer.password_setting(min(generated))}=… vigie town apply {directory}"
    for tool in configuration.tools:
        if tool.role == "front_end" and tool.user in generated:
            named = {"user": tool.user, "town": slug}
            yield _("  for its photos {user} needs a key: vigie intake key {town} {user}", **named)
    yield _("  see how it is set up now: vigie town show {town}", town=slug)


def _remedy(routing_runs: bool, told: bool) -> str:
    if not routing_runs:
        return _("start routing, which tells the others")
    return _("see their logs and /readyz") if told else _("tell it with --again")
