"""The gallery of bad photos: each is refused or cleaned with its reason, and nothing of it is left."""

from __future__ import annotations

import resource
import signal
import time
from pathlib import Path

import pytest

from services.intake.domain.photos import PhotoRefused, object_names
from services.intake.photos import cleaning
from services.intake.photos.cleaning import Limits
from tests.integration.intake.photos.conftest import OWNER, Photos
from tests.support import pictures
from tests.support.gallery import CLEANED, GOOD, REFUSED


@pytest.mark.parametrize("name", REFUSED)
def test_bad_photo_is_refused_with_its_reason(photos: Photos, name: str) -> None:
    upload, status, code = REFUSED[name]
    response = photos.upload(upload)
    assert response.content_type == "application/problem+json"
    told = response.get_json(force=True)
    assert (response.status_code, told["code"]) == (status, code)
    assert told["title"]
    assert photos.run("select 1 from photo union all select 1 from photo_pending") == []


@pytest.mark.parametrize("name", CLEANED)
def test_odd_photo_is_cleaned(photos: Photos, name: str) -> None:
    photo_id = photos.taken(CLEANED[name])
    photos.keeper.work()
    for key in object_names((OWNER.town, photo_id)):
        kept = photos.store.get(key)
        assert kept.startswith(b"\xff\xd8\xff\xe0")
        assert kept.endswith(b"\xff\xd9")
        assert set(pictures.segments(kept)) <= {0xE0, 0xDB, 0xC2, 0xC4}
        assert b"script" not in kept
        assert b"evil" not in kept
        assert b"Ada" not in kept
        assert not pictures.decode(kept).getexif()


_SPYING = """
try:
    open(LEFT, "w").write("x" * 10_000)
except OSError:
    pass
seen = str(dict(os.environ)) + str(sorted(os.listdir("/proc/self/fd")))
sys.stdout.write(json.dumps({"refused": seen}))
sys.exit(3)
"""


def _worker(folder: Path, clean: str) -> Path:
    """The worker with a `clean` of its own."""
    start = 'if __name__ == "__main__":'
    source = cleaning._WORKER.read_text()
    assert start in source
    other = folder / "worker.py"
    other.write_text(source.replace(start, f"_real = clean\ndef clean(*arguments):\n    {clean}\n{start}"))
    return other


def _processor_seconds_of_children() -> float:
    """Of those that have ended and whose end was noticed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class TestLimits:
    def test_processor_time_is_limited(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Measured as the kernel does: however long a loaded machine takes to give that time."""
        monkeypatch.setattr(cleaning, "_WORKER", _worker(tmp_path, "while True: pass"))
        before = _processor_seconds_of_children()
        with pytest.raises(PhotoRefused, match="too_costly"):
            cleaning.clean(GOOD, Limits(processor_seconds=1, seconds=240))
        assert 0.5 < _processor_seconds_of_children() - before < 3
        [ended] = [record.__dict__["returncode"] for record in caplog.records]
        assert -ended in (signal.SIGKILL, signal.SIGXCPU)

    def test_time_in_which_the_processor_does_other_things_is_not_counted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waiting = _worker(tmp_path, "import time; time.sleep(2); return _real(*arguments)")
        monkeypatch.setattr(cleaning, "_WORKER", waiting)
        assert cleaning.clean(GOOD, Limits(processor_seconds=1, seconds=240)).width == 300

    def test_memory_is_limited(self) -> None:
        photo = pictures.png_of_many_pixels(6000, 6000)
        with pytest.raises(PhotoRefused, match="too_costly"):
            cleaning.clean(photo, Limits(memory=200 << 20, edge=6000))

    def test_time_on_the_clock_is_limited(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        sleeper = tmp_path / "sleeper.py"
        sleeper.write_text("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(600)\n")
        monkeypatch.setattr(cleaning, "_WORKER", sleeper)
        began = time.monotonic()
        with pytest.raises(PhotoRefused, match="too_costly"):
            cleaning.clean(GOOD, Limits(seconds=1))
        assert time.monotonic() - began < 120  # it sleeps for 600

    def test_decoder_that_crashes_takes_nothing_with_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        crasher = tmp_path / "crasher.py"
        crasher.write_text("import os\nos.abort()\n")
        monkeypatch.setattr(cleaning, "_WORKER", crasher)
        with pytest.raises(PhotoRefused, match="too_costly"):
            cleaning.clean(GOOD)

    def test_child_sees_no_secret_and_writes_no_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("INTAKE_SECRET", "hidden")
        # The worker's own beginning, then what a decoder that was taken over might try.
        source = cleaning._WORKER.read_text().partition("def main")[0]
        spy = tmp_path / "spy.py"
        spy.write_text(f"{source}\nlimit(500 << 20, 5)\nLEFT = {str(tmp_path / 'left')!r}\n{_SPYING}")
        monkeypatch.setattr(cleaning, "_WORKER", spy)
        with pytest.raises(PhotoRefused) as refused:
            cleaning.clean(GOOD)
        assert "hidden" not in refused.value.reason
        assert "PATH" not in refused.value.reason
        assert not (tmp_path / "left").exists() or (tmp_path / "left").read_text() == ""
