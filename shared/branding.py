"""What pages and mails show of their town: its name and colours, its own site, who has its reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from shared.colours import DEFAULT_COLOUR, Look, look
from shared.l10n import Label, town_title, unbroken

# In the order in which they stand.
LINKS: Mapping[str, Label] = MappingProxyType(
    {
        "contact": Label("Contact", "Contact"),
        "legal": Label("Mentions légales", "Legal notice"),
        "privacy": Label("Données personnelles", "Personal data"),
    }
)


def holder_labels(configuration: Mapping[str, Any]) -> dict[tuple[str, str], Label]:
    """Labels of whoever has or had reports of the town, by kind (`department`, `authority`) and slug."""
    gone = configuration.get("former") or ()
    labels = {(holder["kind"], holder["slug"]): holder["label"] for holder in gone}
    for kind, plural in (("department", "departments"), ("authority", "authorities")):
        labels |= {(kind, holder["slug"]): holder["label"] for holder in configuration[plural]}
    return {holder: Label.of(label) for holder, label in labels.items()}


@dataclass(frozen=True, slots=True)
class Branding:
    """A town as its readers see it. `links`: kind (of LINKS) → address."""

    name: str
    colour: str = DEFAULT_COLOUR
    links: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, configuration: Mapping[str, Any]) -> Branding:
        """From the data of a `town.configured.v1`. A kind of link that is not known here is passed over."""
        urls = {link["kind"]: link["url"] for link in configuration.get("links") or ()}
        colour = (configuration.get("look") or {}).get("colour") or DEFAULT_COLOUR
        return cls(configuration["name"], colour, tuple((k, urls[k]) for k in LINKS if k in urls))

    @property
    def look(self) -> Look:
        """Its colours, by day and by night."""
        return look(self.colour)

    def title(self, language: str) -> str:
        """`Ville de Gentilly`, `Town of Gentilly`."""
        title: str = unbroken(town_title(self.name, language), language)
        return title

    def named_links(self, language: str) -> list[tuple[str, str]]:
        """(words, address) of each link."""
        return [(LINKS[kind].in_language(language), url) for kind, url in self.links]
