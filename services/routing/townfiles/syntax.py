"""What a parser's error means to who wrote the file: where to look, what is wrong, what would be right."""

from __future__ import annotations

import re

import yaml

from shared.l10n.spoken import N_, words_of

_ = words_of("services.routing")

_Rule = tuple[re.Pattern[str], bool, str, str]
"""The parser's words; whether to look where the broken thing begins; what is wrong; what would be right."""

_LINE_BEFORE = N_("see whether the line before lacks something, too")

_BETWEEN = N_("it stands in what begins at line {begin}; write ',' between two items, '{0}' after the last")


def _rule(pattern: str, message: str, hint: str, at_begin: bool = False) -> _Rule:
    return re.compile(pattern, re.DOTALL), at_begin, message, hint


_RULES: tuple[_Rule, ...] = (
    _rule(
        r"expected ',' or '(.)', but got '<(stream|document) end>'",
        N_("what begins here is never closed"),
        N_("write '{0}' where it ends"),
        at_begin=True,
    ),
    _rule(
        r"expected ',' or '(.)', but got '([}\]])'",
        N_("a '{1}' that closes nothing, or no '{0}' before it"),
        N_("what is open here begins at line {begin}"),
    ),
    _rule(
        r"expected ',' or '(.)', but got ':'",
        N_("a ':' where none can be: no ',' before this, or no '{0}', or a text that holds ': '"),
        N_(
            "it stands in what begins at line {begin}; write ',' between two items, '{0}' after the last; "
            "or put the text in double quotes"
        ),
    ),
    _rule(r"expected ',' or '(.)', but got", N_("no ',' before this, or no '{0}'"), _BETWEEN),
    _rule(
        r"expected <block end>, but found '(<block |-|\?)",
        N_("indented unlike the lines before it"),
        N_("begin all entries of one list, and all fields of one entry, in the same column"),
    ),
    _rule(
        r"expected <block end>, but found '[\[{]'",
        N_("an entry without its '-', or indented unlike the lines before it"),
        N_("write '- ' before it, in the same column as the others"),
    ),
    _rule(
        r"expected <block end>, but found",
        N_("text after the end of a text"),
        N_('put the whole text in double quotes, as in "L\'école", and close each quote'),
    ),
    _rule(r"character '\\t'", N_("a tab"), N_("write spaces instead")),
    _rule(
        r"character ['\"](.)['\"] that cannot start",
        N_("a text cannot begin with {0}"),
        N_("put it in quotes"),
    ),
    _rule(
        r"mapping values are not allowed",
        N_("a ':' where none can be"),
        N_("put a text that has ': ' in quotes; see whether the line before lacks something, too"),
    ),
    _rule(
        r"could not find expected ':'",
        N_("no ':' with a space after it"),
        N_("as in 'name: …'"),
        at_begin=True,
    ),
    _rule(
        r"quoted scalar.*found unexpected",
        N_("a text whose quote is never closed"),
        N_("close it with the same quote"),
        at_begin=True,
    ),
    _rule(
        r"expected escape sequence of (.) hexadecimal",
        N_("an escape that lacks digits"),
        N_("it has {0} after its letter, of 0-9 and a-f"),
    ),
    _rule(r"another document", N_("a second document begins here"), N_("remove the line '---'")),
    _rule(
        r"unknown escape character",
        N_("a '\\' in a text in double quotes"),
        N_("write '\\\\' for it"),
    ),
    _rule(r"expected the node content", N_("something is missing before this"), _LINE_BEFORE),
)


def explained(error: yaml.MarkedYAMLError) -> tuple[int, str, str]:
    """The line, what is wrong there, and what would be right. What no rule knows keeps the parser's words."""
    here, begin = _line(error.problem_mark), _line(error.context_mark)
    words = f"{error.context or ''}: {error.problem or ''}"
    for pattern, at_begin, message, hint in _RULES:
        found = pattern.search(words)
        if found and not error.note:
            line = begin if at_begin and begin else here or begin
            values = found.groups()
            wrong, right = (_(text).format(*values, begin=begin) for text in (message, hint))
            return line or 1, wrong, right
    return here or begin or 1, error.problem or _("not YAML"), error.note or _(_LINE_BEFORE)


def _line(mark: yaml.Mark | None) -> int:
    return mark.line + 1 if mark else 0
