"""One server: units, settings and the web server's file agree with the code."""

from __future__ import annotations

import configparser
import re

import pytest

from shared.run import __name__ as run_package
from shared.settings import SERVICES
from tests.unit.deploy.files import ALL_SETTINGS, DEPLOY, FOR_VIGIE, needed_by

STOP = re.search(r"^STOP_SECONDS = (\d+)$", (DEPLOY.parent / "shared/run/__main__.py").read_text(), re.M)


def unit(name: str) -> configparser.ConfigParser:
    """A systemd unit; no directive may be there twice."""
    parser = configparser.ConfigParser(delimiters="=", interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "systemd" / name)
    return parser


def test_unit_runs_a_service_and_lets_it_finish() -> None:
    service = unit("vigie@.service")["Service"]
    assert service["ExecStart"].endswith(f"-m {run_package} %i")
    assert service["EnvironmentFile"] == "/etc/vigie/%i.env"
    assert STOP
    assert int(STOP[1]) < int(service["TimeoutStopSec"])


def test_unit_never_gives_up_restarting() -> None:
    assert unit("vigie@.service")["Service"]["Restart"] == "always"
    assert unit("vigie@.service")["Unit"]["StartLimitIntervalSec"] == "0"


def test_target_wants_the_four() -> None:
    assert unit("vigie.target")["Unit"]["Wants"].split() == [f"vigie@{name}.service" for name in SERVICES]


def _example() -> dict[str, str]:
    lines = (DEPLOY / "example.env").read_text("utf-8").splitlines()
    pairs = (line.lstrip("#").partition("=") for line in lines if re.match(r"#?[A-Z0-9_]+=", line))
    return {name: value for name, _, value in pairs}


def test_example_has_what_each_service_needs_and_nothing_unknown() -> None:
    assert {name for service in SERVICES for name in needed_by(service)} <= set(_example())
    assert set(_example()) <= ALL_SETTINGS | FOR_VIGIE


def test_example_has_no_secret() -> None:
    passwords = [re.search(r"://[^:/]*:([^@]*)@", value) for value in _example().values()]
    assert {found[1] for found in passwords if found} <= {"PASSWORD", "SECRET"}


@pytest.mark.parametrize("path", ["/suivi/", "/static/", "/photos"])
def test_web_server_shows_pages_and_photos(path: str) -> None:
    assert f"location {path} {{ proxy_pass" in (DEPLOY / "nginx" / "vigie.conf").read_text("utf-8")


def test_web_server_shows_nothing_else_and_logs_no_path() -> None:
    text = (DEPLOY / "nginx" / "vigie.conf").read_text("utf-8")
    assert text.count("proxy_pass") == 3
    assert "location / { return 404; }" in text
    assert "access_log off;" in text


def test_prometheus_looks_at_the_four_by_name() -> None:
    text = (DEPLOY / "monitoring" / "prometheus.yaml").read_text("utf-8")
    assert re.findall(r"service: (\w+)", text) == list(SERVICES)
    assert set(re.findall(r"127\.0\.0\.1:(800\d)", text)) == set(
        re.findall(r":(800\d)", (DEPLOY / "example.env").read_text("utf-8"))
    )


@pytest.mark.parametrize("service", SERVICES)
def test_database_is_made_for_each(service: str) -> None:
    script = (DEPLOY / "postgres" / "databases.sh").read_text("utf-8")
    assert f'make {service} "${{{service.upper()}_PASSWORD:-}}"' in script
