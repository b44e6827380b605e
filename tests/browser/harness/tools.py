"""What others have written down of good pages: axe's rules of accessibility, html-validate's of HTML."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from deploy.local import node

_MODULES = node.TOOLS / "node_modules"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
ALL = (*WCAG, "best-practice")


def axe(page: Page, rules: Sequence[str] = ALL) -> list[str]:
    """What axe finds wrong with the page as it stands: rule, and the elements that break it."""
    page.evaluate(_axe())
    options = {"runOnly": {"type": "tag", "values": list(rules)}, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{violation['id']}: {violation['help']}: {target['html'][:160]}"
        for violation in found["violations"]
        for target in violation["nodes"]
    ]


def invalid(documents: Mapping[str, str], config: str = "html-validate.json") -> list[str]:
    """What is wrong with HTML by its own rules. `documents`: name → HTML."""
    with tempfile.TemporaryDirectory() as folder:
        for name, html in documents.items():
            Path(folder, f"{name}.html").write_text(html)
        return list(_validated(Path(folder), config))


def _validated(folder: Path, config: str) -> list[str]:
    found = node.found()
    assert found, "node is missing: `make test` takes it"
    script = _MODULES / "html-validate" / "bin" / "html-validate.mjs"
    command = [*found.node, str(script), "--config", str(node.TOOLS / config), "--formatter", "json"]
    files = [str(file) for file in sorted(folder.glob("*.html"))]
    done = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return [
        f"{Path(result['filePath']).stem}:{message['line']}: {message['ruleId']}: {message['message']}"
        for result in json.loads(done.stdout)
        for message in result["messages"]
    ]


@cache
def _axe() -> str:
    file = _MODULES / "axe-core" / "axe.min.js"
    assert file.is_file(), "axe-core is missing: `make test` takes it"
    return file.read_text()
