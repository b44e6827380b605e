"""Statements live in `.sql` files beside the code that runs them, each under a name."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import LiteralString, cast

_HEADER = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@cache
def load(package: str, file: str = "queries.sql") -> dict[str, LiteralString]:
    """The statements of `package`'s `file` by name.

    The file's form: a line `-- name: report_insert`, a comment saying what for, the statement.
    """
    text = files(package).joinpath(file).read_text(encoding="utf-8")
    parts = _HEADER.split(text)[1:]
    # The text comes from a file of ours, never from outside, which is what LiteralString stands for.
    return {
        name: cast(LiteralString, body.strip()) for name, body in zip(parts[::2], parts[1::2], strict=True)
    }
