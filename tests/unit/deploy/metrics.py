"""The metrics that the services define: name of each sample → its labels."""

from __future__ import annotations

from importlib import import_module

from prometheus_client import Counter, Gauge, Histogram, Info

OF_ALL = ("shared.health", "shared.metrics", "shared.web.access")
OWN = {name: f"services.{name}.metrics" for name in ("intake", "routing", "notification")}
_SUFFIXES: dict[type, tuple[str, ...]] = {
    Counter: ("_total",),
    Gauge: ("",),
    Histogram: ("_bucket", "_sum", "_count"),
    Info: ("_info",),
}
# Labels that a kind of sample has beside the metric's own.
_MORE = {"_bucket": ("le",), "_info": ("version", "python")}


def defined(*modules: str) -> dict[str, set[str]]:
    """Every sample that `/metrics` may show, of these modules; of any service, where none is named."""
    found: dict[str, set[str]] = {}
    for module in map(import_module, modules or (*OF_ALL, *OWN.values())):
        for metric in vars(module).values():
            for suffix in _SUFFIXES.get(type(metric), ()):
                found[metric._name + suffix] = {*metric._labelnames, *_MORE.get(suffix, ())}
    return found
