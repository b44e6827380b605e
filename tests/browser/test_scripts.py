"""The pages' own scripts: types by TypeScript's checker, form and faults by a linter."""

from __future__ import annotations

import subprocess

from deploy.local import node, paths

MODULES = node.TOOLS / "node_modules"
SCRIPTS = sorted([*paths.ROOT.glob("services/*/web/static/*.js"), *paths.ROOT.glob("shared/web/static/*.js")])


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=node.TOOLS)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_types_are_right() -> None:
    found = node.found()
    assert found
    assert _run(*found.node, str(MODULES / "typescript" / "bin" / "tsc"), "--project", "tsconfig.json") == ""


def test_linter_and_formatter_find_nothing() -> None:
    found = node.found()
    assert found
    assert SCRIPTS
    biome = str(MODULES / "@biomejs" / "biome" / "bin" / "biome")
    options = ("--colors=off", "--vcs-enabled=false", "--error-on-warnings")
    assert _run(*found.node, biome, "ci", *options, *map(str, SCRIPTS)) == ""
