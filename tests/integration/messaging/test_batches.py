"""What has arrived is one batch: one transaction, one acknowledgement, no lingering, no crumbling."""

from __future__ import annotations

import subprocess
import sys

from deploy.local import paths
from tests.support.probing import Probe, fact


def test_each_fact_has_one_effect_and_leaves_the_queue(probe: Probe) -> None:
    probe.start_ready()
    sent = probe.publish(fact() for _ in range(300))
    probe.await_effects(sent)
    assert probe.stop() == [0]
    assert (probe.depth("routing.events"), probe.one("select count(*) from inbox")) == (0, 300)


def test_a_timer_that_fires_when_all_has_been_taken_begins_no_batch() -> None:
    command = [sys.executable, "-m", "tests.support.session"]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["2", "2", "1"]
