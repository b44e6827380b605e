"""What the metrics show before anything has happened: every series that is known, and none of no use."""

from __future__ import annotations

import re
from importlib import metadata

import pytest

import services.intake.metrics
import services.notification.metrics
from services.notification.domain import NOTICES
from shared import metrics
from shared.health import Health


def _shown() -> str:
    answer = Health().answer("/metrics")
    assert answer
    return answer.body.decode()


def test_the_release_that_runs_is_shown() -> None:
    assert re.search(rf'^vigie_build_info{{.*version="{metadata.version("vigie")}".*}} 1\.0$', _shown(), re.M)


def test_no_counter_has_a_second_series_for_when_it_began() -> None:
    assert "_created" not in _shown()


@pytest.mark.parametrize("outcome", ["done", "retry", "reject"])
def test_the_outcomes_of_a_queue_are_there_from_the_start(outcome: str) -> None:
    metrics.begin(["test.begun"])
    assert f'vigie_messages_total{{outcome="{outcome}",queue="test.begun"}} 0.0' in _shown()
    assert 'vigie_batch_seconds_count{queue="test.begun"} 0.0' in _shown()
    assert 'vigie_parked_dropped_total{queue="test.begun"} 0.0' in _shown()


def test_the_outcomes_of_mails_are_there_from_the_start() -> None:
    assert services.notification.metrics.DELIVERIES
    shown = set(re.findall(r'^vigie_deliveries_total{outcome="(\w+)",template="(\w+)"}', _shown(), re.M))
    templates = {notice.template for notices in NOTICES.values() for notice in notices}
    assert shown == {(outcome, t) for outcome in ("sent", "later", "failed") for t in templates}
    waits = set(re.findall(r'^vigie_delivery_waits_total{for="(\w+)"}', _shown(), re.M))
    assert waits == {"intake", "mail_server"}


def test_the_outcomes_of_uploads_are_there_from_the_start() -> None:
    assert services.intake.metrics.UPLOADS
    shown = set(re.findall(r'^vigie_photo_uploads_total{outcome="(\w+)"}', _shown(), re.M))
    assert {"taken", "again", "busy", "too_large", "quota_exceeded"} <= shown
