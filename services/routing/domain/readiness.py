"""What a configuration still lacks before citizens may use it, although it is right: its examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.routing.domain.town import TownConfiguration
from shared.l10n import Label

_MADE_UP = (
    "example",
    "example.org",
    "example.com",
    "example.net",
    "exemple.org",
    "exemple.com",
    "exemple.fr",
)
_NAMED = 4
"""How many slugs a line names before it says that there are more."""


def lacks(town: TownConfiguration, language: str = "en") -> Iterator[str]:
    """A sentence for each thing that is to be done, beginning with the file where it is done."""
    yield from (label.in_language(language) for label in _lacks(town))


def _lacks(town: TownConfiguration) -> Iterator[Label]:
    yield from _senders(town)
    yield from _examples("departments.yaml", ((d.slug, d.email, d.example) for d in town.departments))
    yield from _examples("authorities.yaml", ((a.slug, a.email, a.example) for a in town.authorities))
    for layer in town.layers.in_order():
        areas = ((area.slug, None, area.example) for area in town.areas if area.layer == layer.slug)
        yield from _examples(f"areas/{layer.slug}.geojson", areas)
    yield from _unread(town)


def _senders(town: TownConfiguration) -> Iterator[Label]:
    found = {"from": town.mail.sender, "reply_to": town.mail.reply_to}
    for name, address in found.items():
        if address and _made_up(address):
            yield Label(
                f"town.yaml: mail.{name} est {address}, qui n'est à personne ; écrivez l'adresse de la ville",
                f"town.yaml: mail.{name} is {address}, which is nobody's; write the town's own address",
            )


def _examples(file: str, entries: Iterable[tuple[str, str | None, bool]]) -> Iterator[Label]:
    slugs = [slug for slug, email, example in entries if example or (email and _made_up(email))]
    if slugs:
        yield Label(
            f"{file}: exemples à confirmer ou à remplacer : {len(slugs)} ({_some(slugs)}) ;"
            " enlevez ensuite 'example: true'",
            f"{file}: examples, to be confirmed or replaced: {len(slugs)} ({_some(slugs)});"
            " then remove 'example: true'",
        )


def _unread(town: TownConfiguration) -> Iterator[Label]:
    """Departments that get reports and have no agent tool: nobody reads their queue."""
    given = dict.fromkeys(rule.department for rule in town.rules)
    unread = [slug for slug in given if slug not in {tool.department for tool in town.tools}]
    if unread:
        yield Label(
            f"tools.yaml: aucun outil d'agents ne lit ce qui est confié à {_some(unread)} ;"
            " listez-en un pour chaque service",
            f"tools.yaml: no agent tool reads what is given to {_some(unread)}; list one for each department",
        )


def _some(slugs: list[str]) -> str:
    return ", ".join(slugs[:_NAMED]) + (", …" if len(slugs) > _NAMED else "")


def _made_up(address: str) -> bool:
    domain = address.rpartition("@")[2].lower()
    return any(domain == made_up or domain.endswith(f".{made_up}") for made_up in _MADE_UP)
