"""Cleaning as it runs in the service: under eventlet, whose subprocess is not quite Python's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from deploy.local import paths
from tests.support import pictures

_CLEAN = """
import warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
import sys
from pathlib import Path
from services.intake.photos import cleaning
cleaning._WORKER = Path(sys.argv[2])
try:
    print("cleaned", cleaning.clean(Path(sys.argv[1]).read_bytes(), cleaning.Limits(seconds=2)).width)
except cleaning.PhotoRefused as refused:
    print("refused", refused.reason)
"""


def _clean(photo: Path, worker: Path) -> str:
    argv = [sys.executable, "-c", _CLEAN, str(photo), str(worker)]
    done = subprocess.run(argv, cwd=paths.ROOT, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


def test_a_photo_is_refused_when_its_time_is_over(tmp_path: Path) -> None:
    photo, sleeper = tmp_path / "photo.jpg", tmp_path / "sleeper.py"
    photo.write_bytes(pictures.encode(pictures.scene()))
    sleeper.write_text("import time\ntime.sleep(600)\n")
    assert _clean(photo, sleeper) == "refused too_costly"
