"""Fixtures of these tests."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner, Result

from shared.commands.parked import parked
from tests.support.lab import Lab
from tests.support.plumbing import client, lab, probe, quiet_ground

__all__ = ["client", "lab", "probe", "quiet_ground"]


@pytest.fixture
def vigie(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`vigie parked …`, on the lab's databases; `typed` is what its reader answers."""
    for name, value in lab.probe.values.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, code: int = 0, typed: str = "") -> Result:
        result = CliRunner().invoke(parked, arguments, input=typed)
        assert result.exit_code == code, result.output
        return result

    return run
