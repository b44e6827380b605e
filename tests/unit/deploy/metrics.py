"""The metrics that the services define: name of each sample → its labels."""

from __future__ import annotations

from importlib import import_module

from prometheus_client import Counter, Gauge, Histogram

OF_ALL = ("shared.metrics", "shared.web.access")
OWN = {"intake": "services.intake.metrics", "notification": "services.notification.metrics"}
_SUFFIXES: dict[type, tuple[str, ...]] = {
    Counter: ("_total",),
    Gauge: ("",),
    Histogram: ("_bucket", "_sum", "_count"),
}


def defined(*modules: str) -> dict[str, set[str]]:
    """Every sample that `/metrics` may show, of these modules; of any service, where none is named."""
    found: dict[str, set[str]] = {}
    for module in map(import_module, modules or (*OF_ALL, *OWN.values())):
        for metric in vars(module).values():
            for suffix in _SUFFIXES.get(type(metric), ()):
                labels = {*metric._labelnames, *(["le"] if suffix == "_bucket" else [])}
                found[metric._name + suffix] = labels
    return found
