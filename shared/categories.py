"""The tree of categories in a town's configuration, walked in one way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shared.l10n import Label

Category = Mapping[str, Any]


def walk(
    tree: Iterable[Category], above: tuple[Category, ...] = ()
) -> Iterator[tuple[Category, tuple[Category, ...]]]:
    """Every category of `categories` of a `town.configured.v1`, with those above it, the nearest last."""
    for category in tree:
        yield category, above
        yield from walk(category.get("children") or (), (*above, category))


def leaves(tree: Iterable[Category]) -> Iterator[tuple[Category, tuple[Category, ...]]]:
    """Those that can be chosen, or could once: they have none below them."""
    return ((category, above) for category, above in walk(tree) if not category.get("children"))


def labels(tree: Iterable[Category]) -> dict[str, Label]:
    """What people call each, by its slug."""
    return {category["slug"]: Label.of(category["label"]) for category, _ in walk(tree)}
