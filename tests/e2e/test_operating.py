"""What an operator sees: health, metrics, logs, and one report from all sides."""

from __future__ import annotations

import json
import os
import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import psycopg
import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from psycopg import sql

from deploy.local import paths, say
from shared.amqp.management import Management
from shared.messaging import deployer, topology
from shared.settings import SERVICES
from tests.e2e import counts
from tests.e2e.tool import Tool, agent_tool, front_end, submission
from tests.support.ground import Ground
from tests.support.system import System, wait_until

PARIS = ZoneInfo("Europe/Paris")
# What each service writes to while it works.
TABLES: Mapping[str, str] = {
    "routing": "case_file",
    "notification": "delivery",
    "analytics": "fact",
    "intake": "report",
}
MEASURED = {
    "vigie_messages": "counter",
    "vigie_batch_seconds": "histogram",
    "vigie_batch_messages": "histogram",
    "vigie_message_age_seconds": "gauge",
    "vigie_outbox_rows": "gauge",
    "vigie_outbox_age_seconds": "gauge",
    "vigie_outbox_held_rows": "gauge",
    "vigie_retry_rows": "gauge",
    "vigie_parked_rows": "gauge",
    "vigie_queue_messages": "gauge",
    "vigie_queue_consumers": "gauge",
    "vigie_http_requests": "counter",
}


@pytest.fixture(scope="module")
def own(make_ground: Callable[[], Ground]) -> Iterator[System]:
    """A Vigie that these tests take apart and put together again."""
    with make_ground() as ground:
        system = System(ground)
        try:
            system.start()
            system.apply_town()
            yield system
        finally:
            system.close()


def _get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def _ready(system: System, service: str) -> tuple[bool, dict[str, Any]]:
    status, body = _get(f"{system.url(service)}/readyz")
    told: dict[str, Any] = json.loads(body)
    assert (status == 200) == told["ready"]
    return told["ready"], told


def _is_ready(system: System, service: str) -> bool:
    return _ready(system, service)[0]


def _metrics(system: System, service: str) -> dict[str, Metric]:
    status, text = _get(f"{system.url(service)}/metrics")
    assert status == 200
    return {family.name: family for family in text_string_to_metric_families(text)}


def _value(families: Mapping[str, Metric], name: str, **labels: str) -> float:
    """The sum over the samples with these labels."""
    samples = [sample for family in families.values() for sample in family.samples]
    return sum(s.value for s in samples if s.name == name and labels.items() <= s.labels.items())


def _send(tool: Tool, number: int) -> None:
    for n in range(number):
        tool.send(tool.event("submission.sent.v1", submission(n)))


@contextmanager
def _locked(system: System, *services: str) -> Iterator[None]:
    """Whoever writes there waits until this is over."""
    with ExitStack() as held:
        for service in services:
            conn = held.enter_context(psycopg.connect(system.values[f"{service.upper()}_DATABASE_URL"]))
            lock = sql.SQL("lock table {} in share mode").format(sql.Identifier(TABLES[service]))
            conn.execute(lock)
        yield


def _waits(system: System, service: str) -> bool:
    waiting = "select count(*) from pg_stat_activity where datname = current_database()"
    return bool(counts.scalar(system, service, f"{waiting} and wait_event_type = 'Lock'"))


def test_each_answers_while_every_worker_is_busy(own: System) -> None:
    """Each has a batch in hand that waits for a lock; afterwards all is done and nothing is left."""
    before, others = counts.stored(own), [service for service in SERVICES if service != "intake"]
    with front_end(own.values["FRONT_AMQP_URL"]) as tool:
        with _locked(own, *others):
            _send(tool, 300)
            tool.wait(300)
            with _locked(own, "intake"):
                _send(tool, 300)
                for service in SERVICES:
                    wait_until(partial(_waits, own, service), what=f"{service} waits")
                for service in SERVICES:
                    _is_alive_ready_and_measured(own, service)
                assert _taken(own, "intake", "intake.submissions") == before + 300
                assert _taken(own, "routing", "routing.events") == before
                assert all(_waits(own, service) for service in SERVICES), "they were busy all the time"
        tool.wait(600)
    wait_until(lambda: counts.happened(own).get("submitted") == before + 600 and counts.quiet(own), 60)
    for service in SERVICES:
        wait_until(partial(_nothing_is_left, own, service), 60, f"{service} has nothing left")


def _is_alive_ready_and_measured(system: System, service: str) -> None:
    assert _get(f"{system.url(service)}/healthz") == (200, '{"alive":true}')
    ready, told = _ready(system, service)
    assert ready
    assert (told["database"], told["broker"], told["towns"]) == ("ok", "ok", {"gentilly": 1})
    families = _metrics(system, service)
    assert {name: families[name].type for name in MEASURED} == MEASURED
    queues = [f"{service}.{kind}" for kind in ("events", "dead")]
    assert [_value(families, "vigie_queue_consumers", queue=queue) for queue in queues] == [1, 1]


def _taken(system: System, service: str, queue: str) -> float:
    return _value(_metrics(system, service), "vigie_messages_total", queue=queue, outcome="done")


def _nothing_is_left(system: System, service: str) -> bool:
    families = _metrics(system, service)
    left = ("vigie_outbox_rows", "vigie_outbox_age_seconds", "vigie_retry_rows", "vigie_parked_rows")
    assert _value(families, "vigie_batch_seconds_count") > 0
    return not any(_value(families, name) for name in left)


def test_it_is_not_ready_when_the_broker_has_lost_its_consumer(own: System) -> None:
    """The process lives, its connections stand, and it may no longer read: only the broker can tell."""
    [queue] = [queue for queue in topology.services().queues if queue.name == "analytics.dead"]
    user, vhost = deployer.Login.of(own.values["ANALYTICS_AMQP_URL"]).user, own.ground.name
    with Management(own.values["ADMIN_API_URL"]) as api:
        api.put("permissions", vhost, user, body={"configure": "^$", "write": ".*", "read": "^$"})
        api.delete("queues", vhost, queue.name)
        wait_until(lambda: "ConsumerCancelled" in own.log("analytics"), 40, "it knows that its queue is gone")
        api.put("queues", vhost, queue.name, body={"durable": True, "arguments": dict(queue.arguments)})
        deaf = {"database": "ok", "broker": f"no consumer on {queue.name}"}
        wait_until(lambda: deaf.items() <= _ready(own, "analytics")[1].items(), 40, "analytics is deaf")
        assert not _ready(own, "analytics")[0]
        assert _get(f"{own.url('analytics')}/healthz")[0] == 200
    own.vigie("broker", "apply")
    wait_until(partial(_is_ready, own, "analytics"), 40, "analytics is ready again")


def _not_ready(system: System, service: str) -> dict[str, Any] | None:
    ready, told = _ready(system, service)
    return None if ready else told


def test_it_is_not_ready_without_its_database_and_goes_on_when_it_is_back(own: System) -> None:
    before = counts.stored(own)
    with front_end(own.values["FRONT_AMQP_URL"]) as tool:
        with _shut_out(own, "routing"):
            told = wait_until(lambda: _not_ready(own, "routing"), 40, "routing is not ready")
            assert told["database"] == "away"
            assert _get(f"{own.url('routing')}/healthz")[0] == 200
            assert _get(f"{own.url('routing')}/metrics")[0] == 200
            tool.ask(tool.event("submission.sent.v1", submission(1)))
        wait_until(partial(_is_ready, own, "routing"), 60, "routing is ready again")
    wait_until(lambda: sum(counts.cases(own).values()) == before + 1, 60, "the report is routed")
    assert counts.parked(own) == 0


@contextmanager
def _shut_out(system: System, service: str) -> Iterator[None]:
    """Nobody gets into this database, and who was in is out."""
    name = urlsplit(system.values[f"{service.upper()}_DATABASE_URL"]).path.removeprefix("/")
    allow = sql.SQL("alter database {} allow_connections {}")
    with psycopg.connect(system.values["ADMIN_DATABASE_URL"], autocommit=True) as admin:
        admin.execute(allow.format(sql.Identifier(name), sql.Literal(False)))
        try:
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,)
            )
            yield
        finally:
            admin.execute(allow.format(sql.Identifier(name), sql.Literal(True)))


@pytest.fixture(scope="module")
def story(own: System) -> dict[str, Any]:
    """A report that a department has acknowledged and resolved, and the id of its submission."""
    with front_end(own.values["FRONT_AMQP_URL"]) as tool:
        event = tool.event("submission.sent.v1", submission(9001))
        report: dict[str, Any] = tool.ask(event)["data"]["report"]
    wait_until(lambda: _shown(own, report["reference"]).get("target"), what="it is routed")
    with agent_tool(own.values["AGENT_AMQP_URL"]) as desk:
        for what, more in (("acknowledged", {}), ("resolved", {"text": "Rebouché.", "outcome": "done"})):
            data = {"report": report["id"], "agent": "Nadia", **more}
            assert desk.ask(desk.event(f"agent.{what}.v1", data))["type"] == "action.accepted.v1"
    wait_until(lambda: _told(own, report["reference"]), 60, "all is told and counted")
    return {**report, "submission": event["id"]}


def _shown(system: System, reference: str) -> dict[str, Any]:
    known: dict[str, Any] = json.loads(system.vigie("report", "show", reference, "--json"))
    return known


def _told(system: System, reference: str) -> bool:
    known = _shown(system, reference)
    return known["counted"] == 4 and [d["state"] for d in known["deliveries"]] == ["sent"] * 4


def test_one_report_is_shown_from_all_sides(own: System, story: Mapping[str, str]) -> None:
    known = _shown(own, story["reference"])
    assert (known["town"], known["id"], known["state"]) == ("gentilly", story["id"], "resolved")
    assert known["target"] == {"kind": "department", "id": "voirie"}
    assert known["rule"]
    assert set(known["reason"]) == {"fr", "en"}
    assert known["photos"] == []
    assert [d["template"] for d in known["deliveries"]] == ["receipt", "routed", "acknowledged", "resolved"]
    told = [f"report.{what}.v1" for what in ("submitted", "routed", "acknowledged", "resolved")]
    assert [e["event"] for e in known["history"] if e["event"].startswith("report.")] == told
    assert known["counted"] == 4
    assert _shown(own, story["id"]) == {**known, "reference": known["reference"]}
    assert "personne9001" not in json.dumps(known)


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "fr",
            (
                "heures de   Europe/Paris",
                "traité",
                "service voirie",
                "accusé de réception → auteur",
                "4 faits",
            ),
        ),
        (
            "en",
            (
                "times of    Europe/Paris",
                "resolved",
                "department voirie",
                "receipt → author: sent",
                "4 facts",
            ),
        ),
    ],
)
def test_it_is_shown_in_one_language(
    own: System, story: Mapping[str, str], language: str, parts: tuple[str, ...]
) -> None:
    words = own.vigie("report", "show", story["reference"], "--language", language)
    for part in (story["reference"], "report.acknowledged.v1", *parts):
        assert part in words
    sent = datetime.fromisoformat(_shown(own, story["reference"])["submitted_at"])
    assert sent.utcoffset() == datetime.now(PARIS).utcoffset()
    assert sent.strftime("%H:%M:%S  ") in words


def test_its_reference_may_be_typed_carelessly(own: System, story: Mapping[str, str]) -> None:
    for typed in (f" {story['reference'].lower()} ", story["id"].upper()):
        assert _shown(own, typed)["id"] == story["id"]
        assert story["reference"] in own.vigie("routing", "explain", typed)


KNOWN_BY = {"intake": "photos", "routing": "target", "notification": "deliveries", "analytics": "counted"}


@pytest.mark.parametrize("away", SERVICES)
def test_who_is_away_hides_no_other(own: System, story: Mapping[str, str], away: str) -> None:
    with _shut_out(own, away):
        code, told = _show(own, story["reference"], "--json")
        said = _show(own, story["reference"], "--language", "en")
    known = json.loads(told)
    assert (code, known["id"], known["away"]) == (1, story["id"], {away: "no_answer"})
    assert {service: part in known for service, part in KNOWN_BY.items()} == {
        service: service != away for service in SERVICES
    }
    assert known["time_zone"] == "Europe/Paris"
    assert (said[0], f"{away:12} cannot be reached: its database does not answer" in said[1]) == (1, True)
    wait_until(partial(_is_ready, own, away), 60, f"{away} is ready again")


def test_even_notification_alone_knows_whom_it_told(own: System, story: Mapping[str, str]) -> None:
    with _shut_out(own, "intake"), _shut_out(own, "routing"):
        known = json.loads(_show(own, story["reference"], "--json")[1])
        nobody = _show(own, "GEN-0000-0000")
    assert [d["state"] for d in known["deliveries"]] == ["sent"] * 4
    assert nobody[0] == 1
    assert "aucun service joignable ne le connaît" in nobody[1]
    assert nobody[1].count("injoignable") == 2
    for service in ("intake", "routing"):
        wait_until(partial(_is_ready, own, service), 60, "it is ready again")


def _show(system: System, *arguments: str) -> tuple[int, str]:
    """Code and output of `vigie report show`, which may fail."""
    argv = [str(paths.VENV / "bin" / "vigie"), "report", "show", *arguments]
    env = os.environ | system.values
    done = subprocess.run(argv, env=env, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_it_is_explained_in_words(own: System, story: Mapping[str, str]) -> None:
    french = own.vigie("routing", "explain", story["reference"])
    english = own.vigie("routing", "explain", story["reference"], "--language", "en")
    assert french.startswith(f"{story['reference']} : ")
    assert re.search(r"Terminé le \d\d/\d\d/\d{4} à \d\d:\d\d : traité \(fait\)\. \(Europe/Paris\)", french)
    assert english.startswith(f"{story['reference']}: ")
    assert re.search(r"Ended on \d{4}-\d\d-\d\d \d\d:\d\d: resolved \(done\)\. \(Europe/Paris\)", english)
    assert "À traiter avant" not in french
    assert "To be resolved by" not in english


@pytest.mark.parametrize("command", [("report", "show"), ("routing", "explain")])
def test_a_reference_that_is_nobodys_is_said_so(own: System, command: tuple[str, str]) -> None:
    with pytest.raises(say.Trouble, match="no report has the reference GEN-0000-0000"):
        own.vigie(*command, "GEN-0000-0000")


def test_logs_are_objects_and_a_report_is_followed_by_its_submission(
    own: System, story: Mapping[str, str]
) -> None:
    lines = {service: [json.loads(line) for line in own.log(service).splitlines()] for service in SERVICES}
    for service, written in lines.items():
        assert all(
            line["service"] == service and {"time", "level", "logger", "message"} <= set(line)
            for line in written
        )
    sent = [line for line in lines["notification"] if line.get("report") == story["id"]]
    assert [line["message"] for line in sent] == ["delivery sent"] * 4
    by_submission = [line for line in sent if line["correlation_id"] == story["submission"]]
    assert len(by_submission) == 2, "the others belong to what the agent did"


def test_what_is_put_aside_is_in_the_log_with_its_correlation(own: System) -> None:
    with front_end(own.values["FRONT_AMQP_URL"]) as tool:
        event = tool.event("submission.sent.v1", submission(1, category="x"))
        tool.publish(json.dumps(event).encode(), event["id"], reply_to=None)
        wait_until(lambda: counts.parked(own) == 1)
    wait_until(lambda: '"correlation_id": "' + event["id"] in own.log("intake"), what="it is logged")
    own.vigie("parked", "drop", "--all", "--yes")
