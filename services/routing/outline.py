"""A town's configuration as an operator reads it."""

from __future__ import annotations

from collections.abc import Iterator

from services.routing.domain import TownConfiguration
from services.routing.domain.town import Category


def of(town: TownConfiguration) -> str:
    """The town with its categories as a tree, departments, authorities and tools, a line each."""
    return "\n".join(_lines(town))


def _lines(town: TownConfiguration) -> Iterator[str]:
    leaves = sum(1 for _ in town.leaves())
    yield f"{town.name} ({town.slug}), version {town.version}"
    yield f"  {', '.join(town.languages)}; {town.time_zone}; takes: {', '.join(town.kinds) or 'nothing'}"
    yield f"categories ({leaves} leaves)"
    for category in town.categories:
        yield from _tree(category, 1)
    yield f"departments ({len(town.departments)})"
    for department in town.departments:
        yield _line(department.slug, department.label.fr, department.email or "")
    yield f"authorities ({len(town.authorities)})"
    for authority in town.authorities:
        contact = "gets the citizen's contact" if authority.needs_contact else ""
        yield _line(authority.slug, authority.label.fr, authority.email or "no mail address", contact)
    yield f"tools ({len(town.tools)})"
    for tool in town.tools:
        yield _line(tool.user, tool.role, tool.department or "")


def _tree(category: Category, depth: int) -> Iterator[str]:
    marks = "" if category.active else "retired"
    kinds = "" if category.children else ", ".join(category.kinds)
    yield _line(category.slug, category.label.fr, kinds, marks, depth=depth)
    for child in category.children:
        yield from _tree(child, depth + 1)


def _line(slug: str, *words: str, depth: int = 1) -> str:
    return f"{'  ' * depth}{slug:<{42 - 2 * depth}}  {'; '.join(word for word in words if word)}"
