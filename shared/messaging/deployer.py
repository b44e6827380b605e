"""Makes the broker what `topology.py` says, with the deployer's rights. Doing it again changes nothing.

Exchanges and queues are declared over AMQP, whose refusals name what differs; users and permissions go
through the management API.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from amqp import Channel
from amqp.exceptions import AMQPError, PreconditionFailed

from shared import settings
from shared.amqp.connections import connection_to
from shared.amqp.management import BrokerError, Management
from shared.contracts.exchanges import DESK
from shared.l10n.spoken import words_of
from shared.messaging import topology
from shared.messaging.topology import Binding, Queue, Rights, Topology

_ = words_of("shared")

SETTINGS = "VIGIE_PASSWORD_"
"""How the names of environment variables begin that hold tools' passwords."""

# Declaring waits for the disks of every node; seconds.
_PATIENCE: dict[str, Any] = {"connect_timeout": 10, "transport_options": {"read_timeout": 60}}
_SERVICE_TAG = "vigie-service"
_TOWN_TAG = "vigie-town-"


@dataclass(frozen=True, slots=True)
class Login:
    """A RabbitMQ user with its password."""

    user: str
    password: str

    @classmethod
    def of(cls, url: str) -> Self:
        """The user and password in an AMQP address."""
        parts = urlsplit(url)
        return cls(unquote(parts.username or "guest"), unquote(parts.password or "guest"))


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the deployer works: an AMQP address, whose path is the vhost, and a management API."""

    amqp_url: str
    api_url: str

    @classmethod
    def from_environment(cls) -> Self:
        """The addresses in ADMIN_AMQP_URL and ADMIN_API_URL; raises SettingMissing."""
        return cls(settings.required("ADMIN_AMQP_URL"), settings.required("ADMIN_API_URL"))

    @property
    def vhost(self) -> str:
        """The vhost in which everything lies."""
        return unquote(urlsplit(self.amqp_url).path.removeprefix("/")) or "/"


@dataclass(frozen=True, slots=True)
class Tool:
    """A program outside Vigie with a RabbitMQ user of its own, as a town's files list it."""

    user: str
    role: str
    department: str | None = None


@dataclass(frozen=True, slots=True)
class TownApplied:
    """What setting up a town did that somebody must know.

    `generated`: new users whose password was made up here, which is shown nowhere else. `replaced`: users
    that were there and whose password was given. `removed`: users that the town no longer lists. `left`:
    desk queues of departments that it no longer has; they are kept, since cases of theirs may still be open.
    """

    generated: tuple[Login, ...]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[str, ...]


def apply_services(broker: Broker, logins: Mapping[str, Login]) -> None:
    """Exchanges, queues, and the services' users. `logins`: service name to its user. Raises BrokerError."""
    wanted = topology.services()
    with Management(broker.api_url) as api:
        users = [login.user for login in logins.values()]
        if len(set(users)) < len(users):
            raise BrokerError(_("each service needs a user of its own, not {users}", users=", ".join(users)))
        _refuse_others_users(_users(api), users, _SERVICE_TAG, untagged=True)
        _ensure_vhost(api, broker)
        _put_policies(api, broker.vhost)
        _declare(broker, wanted)
        _unbind_others(api, broker.vhost, wanted)
        for service, login in logins.items():
            _put_user(api, login, _SERVICE_TAG)
            _grant(api, broker.vhost, login.user, topology.service_rights(service))


def apply_town(broker: Broker, configuration: Mapping[str, Any], passwords: Mapping[str, str]) -> TownApplied:
    """Desk queues and tools' users of one town; the services' part must be there.

    `configuration`: the data of its `town.configured.v1`. `passwords`: by user; a user that has none there
    keeps the one it has, and a new one gets one made up. Raises BrokerError, before anything is changed
    where a user is somebody else's.
    """
    slug = configuration["slug"]
    tools = [Tool(t["user"], t["role"], t.get("department")) for t in configuration["tools"]]
    wanted = topology.town(slug, (d["slug"] for d in configuration["departments"]))
    with Management(broker.api_url) as api:
        there = _users(api)
        _refuse_others_users(there, [tool.user for tool in tools], _TOWN_TAG + slug)
        _put_policies(api, broker.vhost)
        _declare(broker, _with_old_desks(api, broker.vhost, wanted))
        made = [_put_tool(api, broker.vhost, slug, tool, tool.user in there, passwords) for tool in tools]
        removed = _remove_tools(api, broker.vhost, slug, there, {tool.user for tool in tools})
        left = _other_desks(api, broker.vhost, slug, wanted)
    replaced = tuple(tool.user for tool in tools if tool.user in there and passwords.get(tool.user))
    return TownApplied(tuple(login for login in made if login), replaced, tuple(removed), tuple(left))


def password_setting(user: str) -> str:
    """The name of the environment variable with a tool's password: `VIGIE_PASSWORD_GENTILLY_WEB`."""
    return SETTINGS + "".join(c if c.isalnum() else "_" for c in user).upper()


def _ensure_vhost(api: Management, broker: Broker) -> None:
    if api.get("vhosts", broker.vhost) is None:
        api.put("vhosts", broker.vhost, body={"description": "Vigie"})
    deployer = {"configure": ".*", "write": ".*", "read": ".*"}
    api.put("permissions", broker.vhost, Login.of(broker.amqp_url).user, body=deployer)


def _put_policies(api: Management, vhost: str) -> None:
    for policy in topology.POLICIES:
        body = {"pattern": policy.pattern, "definition": dict(policy.definition), "apply-to": "queues"}
        api.put("policies", vhost, policy.name, body=body)


def _with_old_desks(api: Management, vhost: str, wanted: Topology) -> Topology:
    """The same, where desk queues that were declared without a delivery limit stay so: the policy sets it."""
    there = {queue["name"]: queue["arguments"] for queue in api.get("queues", vhost)}

    def as_declared(queue: Queue) -> Queue:
        without = {name: value for name, value in queue.arguments.items() if name != "x-delivery-limit"}
        return replace(queue, arguments=without) if there.get(queue.name) == without else queue

    return replace(wanted, queues=tuple(map(as_declared, wanted.queues)))


def _declare(broker: Broker, wanted: Topology) -> None:
    try:
        with connection_to(broker.amqp_url, **_PATIENCE) as connection:
            _declare_all(connection.channel(), wanted)
    except PreconditionFailed as exc:
        raise BrokerError(_inequivalent(exc)) from exc
    except (AMQPError, OSError) as exc:
        place = urlsplit(broker.amqp_url)
        where, error = f"{place.hostname}:{place.port}", f"{exc!s} ({type(exc).__name__})"
        raise BrokerError(_("RabbitMQ at {place}: {error}", place=where, error=error)) from exc


def _declare_all(channel: Channel, wanted: Topology) -> None:
    for exchange in wanted.exchanges:
        channel.exchange_declare(exchange.name, exchange.kind, durable=True, auto_delete=False)
    for queue in wanted.queues:
        channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments=dict(queue.arguments))
    for binding in wanted.bindings:
        channel.queue_bind(binding.queue, binding.exchange, binding.key)


def _inequivalent(exc: PreconditionFailed) -> str:
    return _(
        "{reason}. RabbitMQ cannot change this on a queue or exchange that exists, and nothing was "
        "deleted. Stop the services, see that it is empty (or move its messages away), delete it, "
        "and run this command again: deploy/rabbitmq/README.md, Changing a queue. A local stack whose data "
        "nobody needs begins anew with `make reset`",
        reason=exc.reply_text,
    )


def _unbind_others(api: Management, vhost: str, wanted: Topology) -> None:
    names = {queue.name for queue in wanted.queues}
    for found in api.get("bindings", vhost):
        binding = Binding(found["source"], found["routing_key"], found["destination"])
        if binding.queue in names and binding.exchange and binding not in wanted.bindings:
            path = ("bindings", vhost, "e", binding.exchange, "q", binding.queue)
            api.delete(*path, found["properties_key"])


def _refuse_others_users(
    there: Mapping[str, Any], users: Iterable[str], tag: str, untagged: bool = False
) -> None:
    for user in users:
        tags = _tags(there[user]) if user in there else [tag]
        if tag not in tags and (tags or not untagged):
            message = _(
                "the RabbitMQ user {user} exists and is somebody else's (tags: {found}; expected: {tag}): "
                "choose another user name",
                user=user,
                found=", ".join(tags) or _("none"),
                tag=tag,
            )
            raise BrokerError(message)


def _put_user(api: Management, login: Login, tag: str) -> None:
    api.put("users", login.user, body={"password": login.password, "tags": tag})


def _grant(api: Management, vhost: str, user: str, rights: Rights) -> None:
    """Narrow first, then open: to a user without topic permissions every routing key is allowed."""
    for limit, value in (("max-connections", rights.connections), ("max-channels", rights.channels)):
        if value is not None:
            api.put("user-limits", user, limit, body={"value": value})
    for exchange, keys in rights.topics.items():
        topic = {"exchange": exchange, "write": keys, "read": topology.NOTHING}
        api.put("topic-permissions", vhost, user, body=topic)
    body = {"configure": topology.NOTHING, "write": rights.write, "read": rights.read}
    api.put("permissions", vhost, user, body=body)


def _put_tool(
    api: Management, vhost: str, slug: str, tool: Tool, known: bool, passwords: Mapping[str, str]
) -> Login | None:
    given = passwords.get(tool.user)
    login = Login(tool.user, given or secrets.token_urlsafe(24))
    if given or not known:
        _put_user(api, login, _TOWN_TAG + slug)
    _grant(api, vhost, tool.user, topology.tool_rights(tool.role, slug, tool.department))
    return None if given or known else login


def _remove_tools(
    api: Management, vhost: str, slug: str, there: Mapping[str, Any], listed: set[str]
) -> list[str]:
    here = {granted["user"] for granted in api.get("vhosts", vhost, "permissions")}
    tagged = {name for name, user in there.items() if _TOWN_TAG + slug in _tags(user)}
    gone = sorted((tagged & here) - listed)
    for user in gone:
        elsewhere = [
            granted for granted in api.get("users", user, "permissions") if granted["vhost"] != vhost
        ]
        api.delete(*(("permissions", vhost, user) if elsewhere else ("users", user)))
    return gone


def _other_desks(api: Management, vhost: str, slug: str, wanted: Topology) -> list[str]:
    bound = api.get("exchanges", vhost, DESK, "bindings", "source") or ()
    names = {b["destination"] for b in bound if b["routing_key"].startswith(f"{slug}.")}
    return sorted(names - {queue.name for queue in wanted.queues})


def _users(api: Management) -> dict[str, Any]:
    return {user["name"]: user for user in api.get("users")}


def _tags(user: Mapping[str, Any]) -> list[str]:
    return [tag for tag in user["tags"] if tag]
