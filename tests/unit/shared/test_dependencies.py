"""pyproject.toml names every package that is imported, and the wheel every file that is read."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from deploy.local.paths import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PYPROJECT["dependency-groups"]
OWN = {"services", "shared", "deploy", "tests"}
FOR_TYPES_ONLY = {"_typeshed"}
# Writes the AsyncAPI document in a checkout; no service runs it.
DEVELOPER_TOOLS = {"shared/contracts/document/json_schema.py": {"apispec"}}


def _declared(*lists: Iterable[str]) -> set[str]:
    """Names of distributions, an extra counting as its own: `psycopg[pool]` is also `psycopg-pool`."""
    names: set[str] = set()
    for requirement in (each for group in lists for each in group):
        name, extras = re.match(r"([\w.-]+)(?:\[([\w,]+)\])?", requirement).groups()  # type: ignore[union-attr]
        names |= {_plain(name), *(_plain(f"{name}-{extra}") for extra in (extras or "").split(","))}
    return names


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        yield from (name.partition(".")[0] for name in names)


def _missing(folder: str, declared: set[str]) -> set[tuple[str, str]]:
    """(file, package) for each import in `folder` of a package that is not declared."""
    known, found = packages_distributions(), set()
    for file in (ROOT / folder).rglob("*.py"):
        where = str(file.relative_to(ROOT))
        for name in set(_imported(file)) - OWN - FOR_TYPES_ONLY - set(sys.stdlib_module_names):
            distributions = {_plain(each) for each in known.get(name, [name])}
            if not distributions & (declared | DEVELOPER_TOOLS.get(where, set())):
                found.add((where, name))
    return found


RUN = PYPROJECT["project"]["dependencies"]


@pytest.mark.parametrize(
    ("folder", "lists"),
    [
        ("services", [RUN]),
        ("shared", [RUN]),
        ("deploy", [RUN, GROUPS["local"]]),
        ("tests", [RUN, *GROUPS.values()]),
    ],
)
def test_every_package_that_is_imported_is_declared(folder: str, lists: list[list[str]]) -> None:
    assert _missing(folder, _declared(*lists)) == set()


def test_every_file_that_the_code_reads_goes_into_the_wheel() -> None:
    files = [f.relative_to(ROOT) for part in ("services", "shared") for f in (ROOT / part).rglob("*.*")]
    read = [f for f in files if f.suffix not in (".py", ".pyc", ".md") and "examples" not in f.parts]
    assert [str(file) for file in read if not _packed(file)] == []
    assert len(read) > 40


def _packed(file: Path) -> bool:
    patterns = PYPROJECT["tool"]["setuptools"]["package-data"][file.parts[0]]
    return any(fnmatch(file.name, pattern.removeprefix("**/")) for pattern in patterns)
