"""`--move FROM=TO` of `vigie town apply`: who takes over the open cases of whoever is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click

from services.routing.domain import Holder, TownConfiguration
from services.routing.townfiles.marked import did_you_mean
from shared.l10n.spoken import words_of

_ = words_of("services.routing")

_FILES = {"department": "departments.yaml", "authority": "authorities.yaml"}


def parse(moves: Iterable[str]) -> dict[str, str]:
    """The slugs by whom they follow. Raises BadParameter where one is no FROM=TO, or names two successors."""
    successors: dict[str, str] = {}
    for move in moves:
        gone, equals, successor = (part.strip() for part in move.partition("="))
        if not (gone and equals and successor):
            raise click.BadParameter(_("'{move}' is not FROM=TO: --move voirie=espaces-verts", move=move))
        if successors.setdefault(gone, successor) != successor:
            raise click.BadParameter(_("'{slug}' is given two successors", slug=gone))
    return successors


def mistakes(
    directory: Path,
    configuration: TownConfiguration,
    before: TownConfiguration | None,
    stranded: Mapping[Holder, int],
    successors: Mapping[str, str],
) -> Iterator[str]:
    """What is wrong with them: open cases that nobody would have, and names that mean nobody."""
    for holder, cases in stranded.items():
        if holder.slug not in successors:
            yield f"{directory}/{_left_alone(holder, cases)}"
    for gone, successor in successors.items():
        yield from _unknown(configuration, before, stranded, gone)
        if not _named(configuration.holders(), successor):
            known = [holder.slug for holder in configuration.holders()]
            hint = did_you_mean(successor, known)
            yield _("--move: the files have no '{slug}'; {hint}", slug=successor, hint=hint)


def _left_alone(holder: Holder, cases: int) -> str:
    return _(
        "{file}: '{slug}' is gone, and has open reports ({cases}); put it back, or say who takes them "
        "over: --move {slug}=SLUG (which ones: vigie report list TOWN --department {slug})",
        file=_FILES[holder.kind],
        slug=holder.slug,
        cases=cases,
    )


def _unknown(
    configuration: TownConfiguration,
    before: TownConfiguration | None,
    stranded: Mapping[Holder, int],
    gone: str,
) -> Iterator[str]:
    if _named(configuration.holders(), gone):
        yield _("--move: '{slug}' is in the files still, and keeps its reports", slug=gone)
        return
    known = {holder.slug for holder in (*(before.holders() if before else ()), *stranded)}
    known |= {former.slug for former in before.former} if before else set()
    if gone not in known:
        hint = did_you_mean(gone, sorted(known))
        yield _("--move: the town never had '{slug}'; {hint}", slug=gone, hint=hint)


def resolved(
    configuration: TownConfiguration, stranded: Iterable[Holder], successors: Mapping[str, str]
) -> dict[Holder, Holder]:
    """Whoever is gone with open cases, and whoever takes them over: a department rather than an authority."""
    known = configuration.holders()
    return {gone: _named(known, successors[gone.slug])[0] for gone in stranded if gone.slug in successors}


def _named(holders: Iterable[Holder], slug: str) -> Sequence[Holder]:
    return [holder for holder in holders if holder.slug == slug]
