"""Templates to mails: one template a message, rendered twice, so that text and HTML say the same.

`kit` is what paragraphs, tables and quotes look like in each form; `layout` what is around them.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from jinja2 import Environment, FunctionLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from shared.l10n import unbroken
from shared.l10n.catalogues import translations

Form = Literal["html", "txt"]

_WIDTH = 76
_GAP = re.compile(r"\n(?:[ \t]*\n){2,}")


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail says: its subject on one line, its plain text and its HTML."""

    subject: str
    text: str
    html: str


def render(template: str, language: str, variables: Mapping[str, Any]) -> Content:
    """The content of one mail. `variables`: see wording.py; a missing one is an error, never a blank."""
    variables = unbroken(variables, language)
    html = _template(template, language, "html").render(variables, layout="layout.html", kit="kit.html")
    text = _template(template, language, "txt").render(variables, layout="layout.txt", kit="kit.txt")
    subject, _, body = text.partition("\n")
    return Content(subject.strip(), _GAP.sub("\n\n", body).strip() + "\n", html)


def _template(name: str, language: str, form: Form) -> Any:
    return _environment(language, form).get_template(f"{name}.jinja")


@cache
def _environment(language: str, form: Form) -> Environment:
    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=form == "html",  # noqa: S701 (the other form is plain text)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations("mail", language, __package__), newstyle=True)  # type: ignore[attr-defined]
    environment.globals["say"] = _say
    environment.filters |= _FILTERS | {"isolated": _isolated if form == "html" else str}
    return environment


def _source(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


@pass_context
def _say(context: Context, **by_kind: str) -> str:
    """The wording for this report's kind: `say(problem=…, suggestion=…, praise=…)`."""
    return by_kind[context["kind"]]


def _breaks(text: str) -> Markup:
    return escape(text).replace("\n", Markup("<br>\n"))


def _isolated(text: str) -> Markup:
    """A person's own words inside a sentence of ours, whichever way they are read."""
    return Markup('<bdi dir="auto">{}</bdi>').format(text)


def _wrapped(text: str, start: str = "", rest: str = "") -> str:
    lines = (
        textwrap.wrap(
            line,
            _WIDTH,
            initial_indent=rest if position else start,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for position, line in enumerate(text.split("\n"))
    )
    return "\n".join("\n".join(wrapped) or rest.rstrip() for wrapped in lines)


def _underlined(text: str, mark: str) -> str:
    wrapped = _wrapped(text)
    return f"{wrapped}\n{mark * max(map(len, wrapped.splitlines()), default=0)}"


_FILTERS: dict[str, Any] = {
    "breaks": _breaks,
    "wrapped": _wrapped,
    "hanging": lambda text: _wrapped(text, rest="  "),
    "quoted": lambda text: _wrapped(text, start="> ", rest="> "),
    "title_line": lambda text: _underlined(text, "="),
    "heading_line": lambda text: _underlined(text, "-"),
    "is_web": lambda url: url.startswith(("https://", "http://")),
}
