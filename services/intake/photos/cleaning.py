"""From what was uploaded to what is kept: the type by content, then the picture alone, by a child process."""

from __future__ import annotations

import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import orjson

from services.intake.domain.photos import MAX_BYTES, CleanPhoto, PhotoRefused, media_type

logger = logging.getLogger(__name__)

_WORKER = Path(__file__).with_name("worker.py")
_REFUSED = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What cleaning one photo may cost. Memory in bytes, times in seconds, edges in pixels."""

    memory: int = 768 * 1024 * 1024
    processor_seconds: int = 15
    seconds: float = 45
    pixels: int = 40_000_000
    edge: int = 2048
    thumbnail_edge: int = 400


def clean(upload: bytes, limits: Limits = Limits()) -> CleanPhoto:
    """Decode, turn upright, scale and encode anew, in a child process; raises PhotoRefused."""
    uploaded_type = media_type(upload)
    if len(upload) > MAX_BYTES:
        raise PhotoRefused("too_large")
    facts, _, parts = _run_worker(upload, limits).partition(b"\n")
    told = orjson.loads(facts)
    size = told["sizes"][0]
    place = tuple(told["place"]) if told["place"] else None
    return CleanPhoto(uploaded_type, told["width"], told["height"], parts[:size], parts[size:], place)


def _run_worker(upload: bytes, limits: Limits) -> bytes:
    numbers = (limits.memory, limits.processor_seconds, limits.pixels, limits.edge, limits.thumbnail_edge)
    command = [sys.executable, "-I", str(_WORKER), *map(str, numbers)]
    try:
        # No secret of ours in its environment, and nothing of what a hostile photo makes it say in our log.
        done = subprocess.run(  # noqa: S603 (our own program, numbers as arguments)
            command,
            input=upload,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=limits.seconds,
            check=False,
        )
    except Exception as exc:
        # Under eventlet another copy of the module raises it, so it is another class of the same name.
        if type(exc).__name__ != "TimeoutExpired":
            raise
        raise PhotoRefused("too_costly") from None
    if done.returncode == _REFUSED:
        raise PhotoRefused(orjson.loads(done.stdout)["refused"])
    if done.returncode != 0:
        # Killed by a limit, or a decoder that crashed: nothing of it is known but the signal.
        logger.warning("photo cleaner ended", extra={"returncode": done.returncode})
        raise PhotoRefused("too_costly")
    return done.stdout
