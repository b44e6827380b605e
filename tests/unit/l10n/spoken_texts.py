"""All that `vigie` can say, found in the code: `_("…")`, `N_("…")` and the help of every command."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import click

from shared.cli import complete
from shared.commands.language import package_of, paragraphs, texts

ROOT = Path(__file__).parents[3]
PACKAGES = ("shared", "services.intake", "services.routing", "services.notification", "services.analytics")


def said(package: str) -> set[str]:
    """The texts that the catalogue of `package` has to have."""
    return {*_in_code(package), *_in_help(package)}


def _in_code(package: str) -> Iterator[str]:
    for path in sorted((ROOT / package.replace(".", "/")).rglob("*.py")):
        source = path.read_text()
        if "shared.l10n.spoken import" in source:
            yield from _marked(ast.parse(source), path)


def _marked(tree: ast.Module, path: Path) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_"):
            text = node.args[0]
            if isinstance(text, ast.Constant):
                yield str(text.value)
            # What is not written here is marked where it is.
            assert node.func.id == "_" or isinstance(text, ast.Constant), f"{path}:{node.lineno}"
            assert not isinstance(text, ast.JoinedStr | ast.BinOp), f"{path}:{node.lineno}"


def _in_help(package: str) -> Iterator[str]:
    for command in _commands(complete()):
        if package_of(command) == package:
            for holder, name in texts(command):
                yield from paragraphs(getattr(holder, name))


def _commands(command: click.Command) -> Iterator[click.Command]:
    yield command
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        yield from _commands(inner)
