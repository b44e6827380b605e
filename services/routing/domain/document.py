"""A configuration as plain data: whole, for routing's own table, and as `town.configured.v1` tells it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from services.routing.domain.times import WorkingTime
from services.routing.domain.town import (
    Authority,
    Category,
    Department,
    Question,
    Tool,
    TownConfiguration,
    Words,
)

T = TypeVar("T")


def to_document(configuration: TownConfiguration) -> dict[str, Any]:
    """Everything, areas included, as JSON-able data; without the version, which routing's row gives."""
    document: dict[str, Any] = _plain(configuration)
    del document["version"]
    return document


def from_document(document: Mapping[str, Any], version: int = 0) -> TownConfiguration:
    """What `to_document` was given. Raises KeyError or TypeError for anything else."""
    return _built(TownConfiguration, {**_of_today(document), "version": version})


def _of_today(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """A document as it is written today: those of 2026 may have one span for all of a town's working days."""
    working = document.get("working_time", {})
    if "opens" not in working:
        return document
    return {**document, "working_time": _plain(WorkingTime.daily(**working))}


def fingerprint(configuration: TownConfiguration) -> str:
    """SHA-256 (hex) of what is kept and told: the same whatever the version or the files' layout."""
    content = [to_document(configuration), to_event_data(configuration, 0)]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def to_event_data(configuration: TownConfiguration, version: int) -> dict[str, Any]:
    """The `data` of `town.configured.v1`. Areas and rules stay in routing."""
    return {
        "slug": configuration.slug,
        "name": configuration.name,
        "version": version,
        "languages": list(configuration.languages),
        "time_zone": configuration.time_zone,
        "kinds": list(configuration.kinds),
        "categories": [_category(category) for category in configuration.categories],
        "departments": [_department(department) for department in configuration.departments],
        "authorities": [_authority(authority) for authority in configuration.authorities],
        "former": [_plain(former) for former in configuration.former],
        "tools": [_tool(tool) for tool in configuration.tools],
        "mail": _mail(configuration),
        **_face(configuration),
        "confirmation": configuration.confirmation,
        "confirmation_days": configuration.confirmation_days,
        "questions": [_question(question) for question in configuration.questions],
    }


def _category(category: Category) -> dict[str, Any]:
    return {
        "slug": category.slug,
        "label": category.label.as_dict(),
        "active": category.active,
        "kinds": list(category.kinds),
        "children": [_category(child) for child in category.children],
    } | ({"words": _plain(category.words)} if category.words != Words() else {})


def _question(question: Question) -> dict[str, Any]:
    return {
        "slug": question.slug,
        "label": question.label.as_dict(),
        "categories": list(question.categories),
        "answers": [{"slug": answer.slug, "label": answer.label.as_dict()} for answer in question.answers],
    }


def _department(department: Department) -> dict[str, Any]:
    data = {"slug": department.slug, "label": department.label.as_dict()}
    return data | ({"email": department.email} if department.email else {})


def _authority(authority: Authority) -> dict[str, Any]:
    data = {
        "slug": authority.slug,
        "label": authority.label.as_dict(),
        "language": authority.language,
        "needs_contact": authority.needs_contact,
    }
    return data | ({"email": authority.email} if authority.email else {})


def _tool(tool: Tool) -> dict[str, Any]:
    data = {"user": tool.user, "role": tool.role}
    return data | ({"department": tool.department} if tool.department else {})


def _mail(configuration: TownConfiguration) -> dict[str, Any]:
    mail = configuration.mail
    data = {"from": mail.sender, "signature": mail.signature.as_dict()}
    return data | ({"reply_to": mail.reply_to} if mail.reply_to else {})


def _face(configuration: TownConfiguration) -> dict[str, Any]:
    look, links = configuration.look, configuration.links
    given = [{"kind": kind, "url": url} for kind, url in _plain(links).items() if url]
    return ({"look": {"colour": look.colour}} if look else {}) | ({"links": given} if given else {})


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _built(kind: type[T], data: Mapping[str, Any]) -> T:
    hints = get_type_hints(kind)
    return kind(**{name: _value(hints[name], value) for name, value in data.items()})


def _value(hint: Any, value: Any) -> Any:
    """The value in the type that the field declares: tuples for JSON's lists, dataclasses for its objects."""
    arguments = get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        return None if value is None else _value(arguments[0], value)
    if get_origin(hint) is tuple:
        item_hints = [arguments[0]] * len(value) if arguments[-1] is ... else arguments
        return tuple(_value(item, part) for item, part in zip(item_hints, value, strict=True))
    if hint is date:
        return date.fromisoformat(value)
    return _built(hint, value) if is_dataclass(hint) and isinstance(hint, type) else value
