"""The Kubernetes base keeps to the API's schemas, and gives each service what it needs and no more.

It is validated, not run: no cluster is needed for these tests.
"""

from __future__ import annotations

import re
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest

from deploy.local.services import PROCESSES
from services.intake.domain.photos import MAX_BYTES
from tests.unit.deploy.files import DEPLOY, documents, needed_by, settings_of

FOLDER = DEPLOY / "kubernetes"
BASE: dict[str, Any] = documents(FOLDER / "kustomization.yaml")[0]
VERSIONS = ("1.28", "1.32", "1.37")
RESOURCES = [(name, document) for name in BASE["resources"] for document in documents(FOLDER / name)]


def deployment(service: str) -> dict[str, Any]:
    """The description of a service's deployment."""
    return next(r for _, r in RESOURCES if r["kind"] == "Deployment" and r["metadata"]["name"] == service)


def container(service: str) -> dict[str, Any]:
    """The description of its one container."""
    (only,) = deployment(service)["spec"]["template"]["spec"]["containers"]
    found: dict[str, Any] = only
    return found


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("name", "resource"), RESOURCES, ids=[f"{n}-{r['kind']}" for n, r in RESOURCES])
def test_it_keeps_to_the_api(name: str, resource: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(resource, version, strict=True)


def test_a_mistake_would_be_seen() -> None:
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**deployment("intake"), "spce": {}}, VERSIONS[-1], strict=True)


def test_every_file_is_in_the_base() -> None:
    assert {path.name for path in FOLDER.glob("*.yaml")} == {*BASE["resources"], "kustomization.yaml"}


@pytest.mark.parametrize("name", PROCESSES)
def test_each_process_gets_its_own_settings_alone(name: str) -> None:
    given = {variable["name"] for variable in container(name)["env"]}
    assert needed_by(name) <= given <= settings_of(name)


@pytest.mark.parametrize("name", PROCESSES)
def test_secrets_are_references_to_its_own(name: str) -> None:
    for variable in container(name)["env"]:
        source = variable.get("valueFrom", {})
        reference = source.get("secretKeyRef") or source.get("configMapKeyRef")
        if reference:
            assert reference["key"] == variable["name"]
            assert reference["name"] == ("vigie" if "configMapKeyRef" in source else f"vigie-{name}")
        else:
            assert variable["name"].endswith(("_LISTEN", "_URL", "_PROXIES"))
            assert "@" not in variable["value"]


def test_no_secret_is_in_the_base() -> None:
    assert "Secret" not in {resource["kind"] for _, resource in RESOURCES}


def test_what_is_referred_to_in_the_config_is_there() -> None:
    (config,) = [r for _, r in RESOURCES if r["kind"] == "ConfigMap"]
    sources = [v.get("valueFrom", {}) for name in PROCESSES for v in container(name)["env"]]
    assert {s["configMapKeyRef"]["key"] for s in sources if "configMapKeyRef" in s} == set(config["data"])


def test_all_are_run_alike() -> None:
    shapes = []
    for name, kind in PROCESSES.items():
        described, pod = container(name), deployment(name)["spec"]["template"]["spec"]
        assert described["args"] == ["python", "-m", kind.module, kind.service]
        assert described["resources"]["limits"]["memory"]
        keys = ("startupProbe", "livenessProbe", "securityContext", "ports", "volumeMounts")
        shapes.append(({n: described[n] for n in keys}, {**pod, "containers": []}))
    assert all(shape == shapes[0] for shape in shapes)
    assert shapes[0][1]["terminationGracePeriodSeconds"] == 35


@pytest.mark.parametrize("name", PROCESSES)
def test_service_and_deployment_find_each_other(name: str) -> None:
    (facing,) = [r for _, r in RESOURCES if r["kind"] == "Service" and r["metadata"]["name"] == name]
    labels = deployment(name)["spec"]["template"]["metadata"]["labels"]
    assert facing["spec"]["selector"] == labels == deployment(name)["spec"]["selector"]["matchLabels"]


def test_nothing_but_pages_and_photos_is_public() -> None:
    (ingress,) = [r for _, r in RESOURCES if r["kind"] == "Ingress"]
    paths = [path for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]]
    assert {path["path"] for path in paths} == {
        "/",
        "/suivi",
        "/confirmer",
        "/open311",
        "/static",
        "/photos",
        "/gentilly",
    }
    assert {path["backend"]["service"]["name"] for path in paths} == {"intake-web"}


def test_a_photo_passes_the_ingress_which_keeps_and_logs_nothing() -> None:
    (ingress,) = [r for _, r in RESOURCES if r["kind"] == "Ingress"]
    notes = {k.rpartition("/")[2]: v for k, v in ingress["metadata"]["annotations"].items()}
    size = re.fullmatch(r"(\d+)m", notes["proxy-body-size"])
    assert size
    assert int(size[1]) * 1024 * 1024 > MAX_BYTES
    assert (notes["proxy-request-buffering"], notes["enable-access-log"]) == ("off", "false")
