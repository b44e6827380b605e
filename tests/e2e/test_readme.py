"""The README's programs do what it says: a stranger's first five minutes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from deploy.local.paths import ROOT
from tests.support.system import System, wait_until

PROGRAMS: list[str] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
SEND, DESK, FACTS = PROGRAMS


def run(system: System, program: str) -> str:
    """What a program of the README prints, with the addresses of the file that it says to source."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | system.values,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def receipt(system: System) -> dict[str, str]:
    """The receipt that the README's front end prints, once its report has been counted."""
    report: dict[str, str] = json.loads(run(system, SEND))["report"]
    wait_until(lambda: _counted(system, report["reference"]) == 2, what="the report is routed and counted")
    return report


def _counted(system: System, reference: str) -> int:
    known = json.loads(system.vigie("report", "show", reference, "--json"))
    return int(known.get("counted") or 0)


def test_front_end_gets_its_receipt(receipt: dict[str, str]) -> None:
    assert receipt.keys() == {"id", "reference", "tracking_url"}


def test_agent_tool_reads_the_report(system: System, receipt: dict[str, str]) -> None:
    assert f"report.routed.v1 {receipt['reference']} Trou devant l'école" in run(system, DESK)


def test_analyst_reads_the_facts(system: System, receipt: dict[str, str]) -> None:
    assert {"submitted", "routed"} <= {line.split()[1] for line in run(system, FACTS).splitlines()}


def test_operator_sees_why_it_went_there_and_who_was_told(system: System, receipt: dict[str, str]) -> None:
    reference = receipt["reference"]
    assert "règle R12" in system.vigie("routing", "explain", reference)
    wait_until(
        lambda: "confié à un service → auteur\u00a0: envoyé" in system.vigie("report", "show", reference),
        what="the mail is sent",
    )
