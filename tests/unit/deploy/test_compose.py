"""The Compose file keeps to the Compose specification, and gives each service what it needs and no more.

It is validated, not run: no container engine is needed for these tests.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from check_jsonschema.builtin_schemas import get_builtin_schema  # type: ignore[import-untyped]
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from deploy.local.paths import ROOT
from deploy.local.services import PROCESSES
from shared.settings import SERVICES, WEBS
from tests.unit.deploy.files import ALL_SETTINGS, DEPLOY, FOR_VIGIE, documents, needed_by, settings_of

COMPOSE: dict[str, Any] = documents(DEPLOY / "compose.yaml")[0]
VALIDATOR = Draft202012Validator(get_builtin_schema("vendor.compose-spec"))


def test_it_keeps_to_the_specification() -> None:
    assert [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(COMPOSE)] == []


def test_a_mistake_would_be_seen() -> None:
    assert list(VALIDATOR.iter_errors({"services": {"intake": {"comand": []}}}))


@pytest.mark.parametrize("name", PROCESSES)
def test_each_process_gets_its_own_settings_alone(name: str) -> None:
    given = set(COMPOSE["services"][name]["environment"])
    assert needed_by(name) <= given <= settings_of(name)


@pytest.mark.parametrize("name", PROCESSES)
def test_each_runs_its_own_code_and_has_time_to_stop(name: str) -> None:
    described, kind = COMPOSE["services"][name], PROCESSES[name]
    assert described["command"] == ["python", "-m", kind.module, kind.service]
    assert described["stop_grace_period"] == "35s"
    assert described["read_only"] is True
    assert described["depends_on"]["prepare"]["condition"] == "service_completed_successfully"


def test_the_deployer_has_all_addresses() -> None:
    given = set(COMPOSE["services"]["prepare"]["environment"])
    kinds = ("AMQP_URL", "DATABASE_URL", "WORKER_URL")
    everyones = {f"{s.upper()}_{kind}" for s in SERVICES for kind in kinds}
    everyones |= {f"{service.upper()}_WEB_DATABASE_URL" for service in WEBS}
    assert given == FOR_VIGIE | everyones <= FOR_VIGIE | ALL_SETTINGS
    assert COMPOSE["services"]["vigie"]["environment"] == COMPOSE["services"]["prepare"]["environment"]


def test_no_secret_has_a_default() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    with_default = set(re.findall(r"\$\{(\w+):-", text))
    assert with_default == {"VIGIE_VERSION", "S3_PUBLIC_URL", "S3_REGION", "MAIL_SENDING", "TOWNS_FOLDER"}
    assert not re.search(r"\$\{\w+\}", text), "a variable that may be empty unseen"


def test_each_named_file_is_there() -> None:
    volumes = [str(v) for service in COMPOSE["services"].values() for v in service.get("volumes", ())]
    named = [volume.split(":")[0] for volume in volumes if volume.startswith("./")]
    assert len(named) == 4
    assert all((DEPLOY / path).exists() for path in named)
    assert COMPOSE["x-service"]["build"]["dockerfile"] == "deploy/Dockerfile"


def test_postgres_is_as_discreet_as_its_file_says() -> None:
    settings = re.findall(r"^(\w+) = (\w+)$", (DEPLOY / "postgres" / "vigie.conf").read_text(), re.MULTILINE)
    assert COMPOSE["services"]["postgres"]["command"] == ["postgres", *(f"-c{k}={v}" for k, v in settings)]
    assert ("log_error_verbosity", "terse") in settings


def test_the_image_has_all_that_runs() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    copied = {line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line}
    assert {"services", "shared", "deploy", "requirements.lock", "pyproject.toml"} <= copied
    assert any("--require-hashes" in line for line in lines)
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001"]


def test_the_engine_gets_what_the_image_is_built_from_and_no_secret() -> None:
    ignored = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[:1] != "#"]
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    copied = [word for line in lines if re.match(r"COPY (?!--from)", line) for word in line.split()[1:-1]]
    assert ignored[0] == "*"
    assert {f"!{path}" for path in copied} == {line for line in ignored if line.startswith("!")}
    assert "**/*.env" in ignored
