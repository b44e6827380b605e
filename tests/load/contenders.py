"""The contenders: Vigie, its peers and the floor, each with the settings that are tried."""

from __future__ import annotations

from dataclasses import replace

from deploy.local.connections import SERVICES
from tests.load.peers.with_celery import encode as as_celery_task
from tests.load.world import Contender


def _each(module: str) -> dict[str, tuple[str, ...]]:
    return {service: (module, service) for service in SERVICES}


VIGIE = Contender("vigie", {service: ("shared.run", service) for service in SERVICES})
FLOOR = Contender("floor", _each("tests.load.floor"))
CELERY = Contender("celery", _each("tests.load.peers.with_celery"), encode=as_celery_task)
FASTSTREAM = Contender("faststream", _each("tests.load.peers.with_faststream"))
BATCHED = Contender("faststream_batched", _each("tests.load.peers.with_faststream_batched"))
NAMEKO = Contender("nameko", _each("tests.load.peers.with_nameko"))

# What is tried for each peer before the measuring; the best is kept. Few, so that the bench stays short:
# more workers than these made all of them slower on two cores.
SETTINGS: dict[str, tuple[dict[str, str], ...]] = {
    "celery": (
        {"CONCURRENCY": "4", "PREFETCH_MULTIPLIER": "4"},
        {"CONCURRENCY": "10", "PREFETCH_MULTIPLIER": "4"},
        {"CONCURRENCY": "20", "PREFETCH_MULTIPLIER": "2"},
    ),
    "faststream": (
        {"PREFETCH": "10", "CONNECTIONS": "10"},
        {"PREFETCH": "50", "CONNECTIONS": "10"},
        {"PREFETCH": "50", "CONNECTIONS": "25"},
    ),
    "nameko": ({"MAX_WORKERS": "5"}, {"MAX_WORKERS": "10"}, {"MAX_WORKERS": "20"}),
    "faststream_batched": ({"PREFETCH": "200"}, {"PREFETCH": "500"}, {"PREFETCH": "1000"}),
}
ALL = {c.name: c for c in (VIGIE, CELERY, FASTSTREAM, NAMEKO, BATCHED, FLOOR)}
PEERS = ("celery", "faststream", "nameko")


def candidates(name: str) -> list[Contender]:
    """The contender with each of the settings to try; itself alone where there is nothing to choose."""
    return [replace(ALL[name], settings=settings) for settings in SETTINGS.get(name, ({},))]
