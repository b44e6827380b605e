"""`vigie town suggest` and `vigie intake learn`: categories for a person's own words."""

from __future__ import annotations

from dataclasses import asdict

import click
import orjson

from services.intake.domain.suggestions import Suggestion
from services.intake.usecases import suggesting
from services.intake.usecases.suggesting import Lesson, Suggesters
from shared.commands import database
from shared.commands.groups import town
from shared.commands.language import language_option
from shared.l10n import Language
from shared.l10n.spoken import words_of
from shared.unit import unit_of_work

_ = words_of("services.intake")


@town.command()
@click.argument("slug", metavar="TOWN")
@click.argument("text", metavar="TEXT")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
@language_option
def suggest(slug: str, text: str, as_json: bool, language: Language) -> None:
    """Which categories of TOWN these words may mean: three at the most, the best first, and why.

    The page for sending a report proposes the same. A word that leads nowhere belongs into the town's files:
    `words` in categories.yaml.
    """
    with database("intake") as conn:
        found = Suggesters().suggest(conn, slug, text)
    if found is None:
        raise click.ClickException(_("no town is called {town}", town=slug))
    if as_json:
        click.echo(orjson.dumps([each.as_dict(language) for each in found]).decode())
    else:
        click.echo("\n".join(_line(each, language) for each in found) or _("none"))


def _line(suggestion: Suggestion, language: Language) -> str:
    label, why = suggestion.label.in_language(language), ", ".join(suggestion.because)
    return f"{suggestion.score:.2f}  {suggestion.category}  {label}  ({why})"


@click.command()
@click.argument("slug", metavar="TOWN")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def learn(slug: str, as_json: bool) -> None:
    """Count anew which words went with which categories in the reports of TOWN, for proposals.

    What is kept are stems that at least five people used, with the share of each category: no number, and no
    name that is known by its title. It says how often the right category is among the three, without what was
    learned and with it, on every fifth report, which then was not learned from.
    """
    with database("intake") as conn, unit_of_work(conn) as unit:
        lesson = suggesting.learn(unit, slug)
    if lesson is None:
        raise click.ClickException(_("no town is called {town}", town=slug))
    click.echo(orjson.dumps(asdict(lesson)).decode() if as_json else _said(lesson))


def _said(lesson: Lesson) -> str:
    return _(
        "reports: {reports}, stems kept: {stems}; right among three, of {tried} tried: {before} before, "
        "{after} after",
        reports=lesson.reports,
        stems=lesson.stems,
        tried=lesson.tried,
        before="-" if lesson.before is None else f"{lesson.before:.1%}",
        after="-" if lesson.after is None else f"{lesson.after:.1%}",
    )
