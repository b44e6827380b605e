"""One server: units, settings and the web server's file agree with the code."""

from __future__ import annotations

import configparser
import re

import pytest

from deploy.local.services import PROCESSES
from shared.settings import SERVICES, WEBS
from tests.unit.deploy.files import ALL_SETTINGS, DEPLOY, FOR_VIGIE, needed_by

# Unit → where it says how long a process may take to stop.
UNITS = {"vigie@.service": "shared/run/__main__.py", "vigie-web@.service": "shared/web/serving.py"}
each_unit = pytest.mark.parametrize("name", UNITS)


def unit(name: str) -> configparser.ConfigParser:
    """A systemd unit; no directive may be there twice."""
    parser = configparser.ConfigParser(delimiters="=", interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "systemd" / name)
    return parser


def test_a_unit_runs_its_kind_of_process_from_its_own_settings() -> None:
    for name, kind in PROCESSES.items():
        file = f"{'vigie-web' if name.endswith('-web') else 'vigie'}@.service"
        service = {key: value.replace("%i", kind.service) for key, value in unit(file)["Service"].items()}
        assert service["ExecStart"].endswith(f"-m {kind.module} {kind.service}")
        assert service["EnvironmentFile"] == f"/etc/vigie/{name}.env"


@each_unit
def test_a_unit_lets_its_process_finish(name: str) -> None:
    stop = re.search(r"^STOP_SECONDS = (\d+)$", (DEPLOY.parent / UNITS[name]).read_text("utf-8"), re.M)
    assert stop
    assert int(stop[1]) < int(unit(name)["Service"]["TimeoutStopSec"])


@each_unit
def test_a_unit_never_gives_up_restarting(name: str) -> None:
    assert unit(name)["Service"]["Restart"] == "always"
    assert unit(name)["Unit"]["StartLimitIntervalSec"] == "0"


def test_both_units_are_shut_in_alike() -> None:
    worker, web = (dict(unit(name)["Service"]) for name in UNITS)
    differ = {key for key in worker | web if worker.get(key) != web.get(key)}
    assert differ == {"ExecStart", "EnvironmentFile", "MemoryMax", "CPUWeight", "CPUAffinity"}


def test_target_wants_all() -> None:
    text = (DEPLOY / "systemd" / "vigie.target").read_text("utf-8")
    wanted = [each for line in re.findall(r"^Wants=(.*)$", text, re.M) for each in line.split()]
    workers = [f"vigie@{service}.service" for service in SERVICES]
    assert wanted == workers + [f"vigie-web@{service}.service" for service in WEBS]


def _example() -> dict[str, str]:
    lines = (DEPLOY / "example.env").read_text("utf-8").splitlines()
    pairs = (line.lstrip("#").partition("=") for line in lines if re.match(r"#?[A-Z0-9_]+=", line))
    return {name: value for name, _, value in pairs}


def test_example_has_what_each_service_needs_and_nothing_unknown() -> None:
    assert {name for process in PROCESSES for name in needed_by(process)} <= set(_example())
    assert set(_example()) <= ALL_SETTINGS | FOR_VIGIE


def test_example_has_no_secret() -> None:
    passwords = [re.search(r"://[^:/]*:([^@]*)@", value) for value in _example().values()]
    assert {found[1] for found in passwords if found} <= {"PASSWORD", "SECRET"}


@pytest.mark.parametrize("path", ["/suivi/", "/confirmer/", "/open311/", "/static/", "/photos"])
def test_web_server_shows_pages_and_photos(path: str) -> None:
    text = (DEPLOY / "nginx" / "vigie.conf").read_text("utf-8")
    assert re.search(rf"location {path} {{\s+proxy_pass", text)


def test_web_server_shows_nothing_else_and_logs_no_path() -> None:
    text = (DEPLOY / "nginx" / "vigie.conf").read_text("utf-8")
    assert text.count("proxy_pass") == 7
    assert "location / { return 404; }" in text
    assert "access_log off;" in text


def test_prometheus_looks_at_each_process_by_name_where_it_listens() -> None:
    text = (DEPLOY / "monitoring" / "prometheus.yaml").read_text("utf-8")
    found = re.findall(r"127\.0\.0\.1:(80\d+).*service: (\w+), process: (\w+)", text)
    example = _example()
    for port, service, process in found:
        prefix = f"{service.upper()}_WORKER" if process == "worker" else service.upper()
        at = example.get(f"{prefix}_LISTEN") or example[f"{prefix}_URL"]
        assert at.endswith(f":{port}")
    names = [service if process == "worker" else f"{service}-web" for _, service, process in found]
    assert names == list(PROCESSES)


@pytest.mark.parametrize("service", SERVICES)
def test_database_is_made_for_each(service: str) -> None:
    script = (DEPLOY / "postgres" / "databases.sh").read_text("utf-8")
    assert f'make {service} "${{{service.upper()}_PASSWORD:-}}"' in script


@pytest.mark.parametrize("service", WEBS)
def test_role_is_made_for_each_web_process(service: str) -> None:
    script = (DEPLOY / "postgres" / "databases.sh").read_text("utf-8")
    assert f'role {service}_web "${{{service.upper()}_WEB_PASSWORD:-}}"' in script
