"""What the runs have shown: medians, ratios, a table to read and a file for programs."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

import psycopg

from deploy.local import paths
from shared.amqp.management import Management
from tests.load.contenders import PEERS
from tests.load.latency import Latency
from tests.load.saturation import Run

FILE = paths.LOCAL / "bench.json"
Runs = Mapping[str, Sequence[Run]]
_LIBRARIES = ("nameko", "celery", "faststream", "kombu", "amqp", "aio-pika", "psycopg", "eventlet", "orjson")


def rate(runs: Sequence[Run]) -> float:
    """The median of reports a second."""
    return median(run.rate for run in runs)


def cost(runs: Sequence[Run], part: Callable[[Run], float | None]) -> float | None:
    """The median of processor milliseconds a report; None where a server's are not known."""
    values = [used for run in runs if (used := part(run)) is not None]
    return median(values) if values else None


def _per_report(name: str) -> Callable[[Run], float | None]:
    def part(run: Run) -> float | None:
        used = getattr(run.used, name)
        return None if used is None else 1000 * used / run.reports

    return part


PARTS = ("total", "services", "rabbitmq", "postgres")


def costs(runs: Sequence[Run]) -> dict[str, float | None]:
    """Processor milliseconds a report, in all and by whom."""
    found = {part: cost(runs, _per_report(part)) for part in PARTS}
    return {part: None if value is None else round(value, 3) for part, value in found.items()}


def ratios(runs: Runs) -> dict[str, float]:
    """Vigie's rate to that of the best peer and to the floor's, where both were measured."""
    if "vigie" not in runs:
        return {}
    own, peers = rate(runs["vigie"]), [rate(runs[name]) for name in PEERS if name in runs]
    found = {"ratio_to_best_peer": own / max(peers)} if peers else {}
    if "floor" in runs:
        found["ratio_to_floor"] = own / rate(runs["floor"])
    return {name: round(value, 3) for name, value in found.items()}


def table(runs: Runs) -> str:
    """Ratios first, then rates and costs."""
    lines = [
        "                       Vigie is   reports   CPU ms a report",
        "                       x as fast  a second  all = processes + RabbitMQ + PostgreSQL   settings",
    ]
    lines += [_line(name, found, runs) for name, found in runs.items()]
    return "\n".join(lines)


def _line(name: str, found: Sequence[Run], runs: Runs) -> str:
    ratio = f"{rate(runs['vigie']) / rate(found):9.2f}" if "vigie" in runs else " " * 9
    spent = costs(found)
    all_, services, rabbitmq, postgres = (_number(spent[part]) for part in PARTS)
    settings = ", ".join(f"{k.lower()} {v}" for k, v in found[0].contender.settings.items()) or "-"
    return (
        f"{name:<20} {ratio} {rate(found):10.1f}  {all_:>6} = {services:>6} + {rabbitmq:>6} + {postgres:>6}"
        f"               {settings}"
    )


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:.2f}"


def document(runs: Runs, latencies: Sequence[Latency], values: Mapping[str, str]) -> dict[str, Any]:
    """Everything, as `.local/bench.json` holds it."""
    return {
        "reports_per_second": {name: round(rate(found), 1) for name, found in runs.items()},
        **ratios(runs),
        "cpu_ms_per_report": {name: costs(found)["total"] for name, found in runs.items()},
        "cpu_ms_per_report_by_part": {name: costs(found) for name, found in runs.items()},
        "latency_ms": _latency(latencies),
        "latency_ms_at": {str(found.rate): asdict(found) for found in latencies},
        "settings": {name: dict(found[0].contender.settings) for name, found in runs.items()},
        "runs": {name: [_run(run) for run in found] for name, found in runs.items()},
        "mail_sending": "off",
        "machine": {"processors": os.cpu_count(), "load_1_min": round(os.getloadavg()[0], 1)},
        "versions": versions(values),
    }


def _latency(latencies: Sequence[Latency]) -> dict[str, float]:
    """At the lowest rate offered."""
    if not latencies:
        return {}
    found = min(latencies, key=lambda latency: latency.rate)
    return {"rate": found.rate, "p50": found.p50, "p99": found.p99, "receipt_p99": found.receipt_p99}


def _run(run: Run) -> dict[str, Any]:
    return {
        "reports": run.reports,
        "seconds": round(run.seconds, 2),
        "reports_per_second": round(run.rate, 1),
        "load_1_min": round(run.load, 1),
    }


def versions(values: Mapping[str, str]) -> dict[str, str]:
    """What was compared, on what."""
    with Management(values["ADMIN_API_URL"]) as api:
        rabbitmq = api.get("overview")["rabbitmq_version"]
    with psycopg.connect(values["ADMIN_DATABASE_URL"]) as conn:
        postgres = conn.info.parameter_status("server_version") or ""
    found = {name: importlib.metadata.version(name) for name in _LIBRARIES}
    return {"python": platform.python_version(), "rabbitmq": rabbitmq, "postgresql": postgres, **found}


def write(found: Mapping[str, Any]) -> None:
    """Write the file; what an earlier run of another kind has found stays beside it."""
    before = json.loads(FILE.read_text()) if FILE.is_file() else {}
    FILE.write_text(json.dumps({**before, **found}, indent=2) + "\n")
