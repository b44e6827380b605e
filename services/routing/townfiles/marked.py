"""YAML and JSON as plain data that remember their lines, and the mistakes found in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

import yaml

from services.routing.townfiles.syntax import explained
from shared.l10n.spoken import words_of

_ = words_of("services.routing")

Place = tuple[str | int, ...]
"""The way to a value from the top of its file: `("rules", 3, "label", "fr")`."""

_DEEPEST = 40
_LONGEST = 62
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_HARD_SPACE = re.compile(r"^[ \t]*[\u00a0\u202f]", re.MULTILINE)
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong, where, and what would be right. `line` counts from 1."""

    file: str
    line: int
    message: str
    hint: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        what = _("{message}; {hint}", message=self.message, hint=self.hint) if self.hint else self.message
        warning = self.severity == "warning"
        return f"{self.file}:{self.line}: {_('warning: {what}', what=what) if warning else what}"


class Unreadable(Exception):
    """The file is no YAML or JSON at all."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(str(mistake))
        self.mistake = mistake


@dataclass(frozen=True)
class Marked:
    """A file's data. The data may have any shape: only the schemas know what is right."""

    file: str
    data: Any
    lines: dict[Place, int] = field(repr=False)
    repeated: tuple[Place, ...] = ()

    def line(self, place: Place) -> int:
        """The line of a value, or of what should hold it where it is missing."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def mistake(self, place: Place, message: str, hint: str = "") -> Mistake:
        return Mistake(self.file, self.line(place), message, hint)

    def warning(self, place: Place, message: str, hint: str = "") -> Mistake:
        return Mistake(self.file, self.line(place), message, hint, "warning")

    def items(self, *place: str | int) -> Iterator[tuple[Place, dict[str, Any]]]:
        """The mappings in the list at `place`, whatever else is wrong with them."""
        found = self.at(place)
        for index, item in enumerate(found if isinstance(found, list) else []):
            if isinstance(item, dict):
                yield (*place, index), item

    def at(self, place: Place) -> Any:
        value = self.data
        for step in place:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def did_you_mean(wrong: str, known: list[str]) -> str:
    close = get_close_matches(wrong, known, 1)
    if close:
        return _("did you mean '{name}'?", name=close[0])
    names = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
    return _("known here: {names}", names=names) if known else ""


def shown(value: Any) -> str:
    """A value as its author may have written it, shortened: text in single quotes, all else as in JSON."""
    text = _written(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _written(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value[:_LONGEST])}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_written(item)}' for key, item in value.items())}}}"
    return json.dumps(value)


def parse(text: str, name: str) -> Marked:
    """The data of a YAML or JSON text. Raises Unreadable."""
    _refuse_hard_spaces(text, name)
    loader = None
    try:
        # The scanner of the C library ignores compose_node, which is where aliases are refused.
        loader = _Loader(text)
        node = loader.get_single_node()
        reading = _Reading()
        data = reading.value(node, ()) if node else None
    except yaml.MarkedYAMLError as error:
        raise Unreadable(Mistake(name, *explained(error))) from error
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        message = _("a character that is not text: {reason}", reason=error.reason)
        raise Unreadable(Mistake(name, line, message, _("remove it"))) from error
    except (ValueError, OverflowError) as error:
        # PyYAML lets Python's own errors through where it reads a number of its own, as in %YAML.
        line = loader.line + 1 if loader else 1
        raise Unreadable(Mistake(name, line, _("not YAML"), _("see what is odd in this line"))) from error
    except RecursionError as error:
        raise Unreadable(Mistake(name, 1, _("nested too deeply"), _("no file of a town is"))) from error
    return Marked(name, data, reading.lines, tuple(reading.repeated))


def _refuse_hard_spaces(text: str, name: str) -> None:
    """No-break spaces, as word processors write them, look like an indentation and are none."""
    found = _HARD_SPACE.search(text)
    if found:
        line = text[: found.end()].count("\n") + 1
        raise Unreadable(Mistake(name, line, _("indented with no-break spaces"), _("write plain spaces")))


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            note = _("write the value out")
            raise yaml.MarkedYAMLError(problem=_("an alias (*)"), problem_mark=mark, note=note)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node

    def scan_flow_scalar_non_spaces(self, double: Any, start_mark: Any) -> list[str]:
        """As PyYAML, but two halves of a character, as JSON writes those beyond U+FFFF, are one."""
        try:
            chunks = super().scan_flow_scalar_non_spaces(double, start_mark)
            return ["".join(chunks).encode("utf-16", "surrogatepass").decode("utf-16")] if chunks else []
        except UnicodeDecodeError:
            raise self._no_character(_("half a character"), _("write both, as in \\ud83c\\udf33")) from None
        except (ValueError, OverflowError):
            raise self._no_character(_("no such character"), _("the last is \\U0010FFFF")) from None

    def _no_character(self, problem: str, note: str) -> yaml.MarkedYAMLError:
        mark = self.get_mark()
        return yaml.MarkedYAMLError(problem=problem, problem_mark=mark, note=note)


@dataclass
class _Reading:
    lines: dict[Place, int] = field(default_factory=dict)
    repeated: list[Place] = field(default_factory=list)

    def value(self, node: yaml.Node, place: Place) -> Any:
        if len(place) > _DEEPEST:
            raise yaml.MarkedYAMLError(problem=_("nested too deeply"), problem_mark=node.start_mark)
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, index)) for index, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            here = (*place, key)
            if key in found:
                self.repeated.append(here)
            self.lines[here] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, here)
        return found


def _scalar(node: yaml.Node) -> Any:
    """As in JSON; all else is text, so that `no`, `08:30` and `01000` mean what they look like."""
    text: str = node.value
    if getattr(node, "style", None) is not None:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
