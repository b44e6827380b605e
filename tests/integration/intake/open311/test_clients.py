"""Clients that others wrote drive it unchanged; whatever they send, it answers as its document says."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from georeport import GeoReport  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.intake.web.open311.views import PREFIX
from tests.browser.harness.serving import served
from tests.integration.intake.open311.conftest import Api

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_it(api: Api, form: str) -> None:
    reference, later = api.sent(), api.sent()
    with served(api.app) as base:
        client = GeoReport(f"{base}{PREFIX}", jurisdiction="gentilly", output_format=form)
        services: Any = client.get_service_list()
        definition: Any = client.get_service_definition("voirie/nid-de-poule")
        found: Any = client.get_service_requests(status="open", service_code="voirie/nid-de-poule")
        one: Any = client.get_service_request(reference)
    assert "voirie/nid-de-poule" in [service["service_code"] for service in services]
    assert definition["service_code"] == "voirie/nid-de-poule"
    assert [each["service_request_id"] for each in found] == [later, reference]
    assert (one["service_request_id"], one["status"]) == (reference, "open")


def test_whatever_comes_is_answered_as_documented_and_what_is_refused_leaves_nothing(api: Api) -> None:
    schema = schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", api.app)
    api.sent()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        _try(found.ok())
    with api.pool.connection() as conn:
        for table in ("report", "citizen", "author"):
            assert conn.execute(f"select count(*) from {table}".encode()).fetchone() == (1,), table


def _try(operation: Any) -> None:
    """Call it with whatever the document lets through, and more."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.one_of(operation.as_strategy(), operation.as_strategy(GenerationMode.NEGATIVE)))
    def answered(case: Any) -> None:
        case.validate_response(case.call(), checks=CHECKS)

    answered()
