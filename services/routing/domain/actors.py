"""Who may act on a town's cases."""

from __future__ import annotations

from dataclasses import dataclass

from services.routing.domain.town import TownConfiguration


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts on cases of `town`.

    An agent acts for a `department`, under the `name` that its tool or its account gives. Without a
    department it is the town itself: its rules, or its administrator; or the author of the report.
    """

    town: str
    department: str | None = None
    name: str = ""
    is_author: bool = False


def agent_of_tool(town: TownConfiguration | None, user: str, name: str) -> Actor | None:
    """The agent `name` of the tool with the RabbitMQ user `user`; None where it is no agents' tool there."""
    tools = town.tools if town else ()
    department = next((tool.department for tool in tools if tool.user == user and tool.role == "agent"), None)
    return Actor(town.slug, department, name) if town and department else None
