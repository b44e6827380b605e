"""The alert rules: PromQL that parses, on metrics and labels that services have, each with its runbook."""

from __future__ import annotations

import re
from typing import Any

import promql_parser as promql
import pytest

from tests.unit.deploy.files import DEPLOY, documents
from tests.unit.deploy.metrics import defined

FILE = DEPLOY / "monitoring" / "alerts.yaml"
RULES: list[dict[str, Any]] = [rule for group in documents(FILE)[0]["groups"] for rule in group["rules"]]
METRICS = {"up": set[str](), **defined()}
OF_TARGET = {"job", "instance", "service", "process"}

each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])


def selectors(expression: str) -> list[Any]:
    """Every metric that an expression selects."""
    found: list[Any] = []

    def visit(node: Any) -> bool:
        if isinstance(node, promql.VectorSelector):
            found.append(node)
        return True

    promql.walk(promql.parse(expression), pre_visit=visit)
    return found


def unknown(expression: str) -> list[str]:
    """What an expression names that no service has."""
    wrong = []
    for selector in selectors(expression):
        labels = METRICS.get(selector.name)
        if labels is None:
            wrong.append(selector.name)
        else:
            named = {matcher.name for matcher in selector.matchers.matchers}
            wrong += sorted(named - labels - OF_TARGET)
    return wrong


@each_rule
def test_it_names_what_the_services_have(rule: dict[str, Any]) -> None:
    assert selectors(rule["expr"])
    assert unknown(rule["expr"]) == []


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("max by (service) (vigie_parked_row) > 0", ["vigie_parked_row"]),
        ('rate(vigie_messages_total{result="retry"}[5m]) > 0', ["result"]),
        ("rate(vigie_messages[5m]) / rate(vigie_messages_total[5m]) > 1", ["vigie_messages"]),
    ],
)
def test_a_name_that_is_wrong_would_be_seen(expression: str, names: list[str]) -> None:
    assert unknown(expression) == names


@each_rule
def test_labels_it_speaks_of_are_there(rule: dict[str, Any]) -> None:
    grouped = {name.strip() for by in re.findall(r"by \(([^)]*)\)", rule["expr"]) for name in by.split(",")}
    known = set().union(*(METRICS[selector.name] for selector in selectors(rule["expr"]))) | OF_TARGET
    spoken = set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values())))
    assert grouped <= known
    assert spoken <= (grouped or known)


@each_rule
def test_it_says_how_bad_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"].keys() == {"summary", "description", "runbook_url"}
    prefix, _, page = rule["annotations"]["runbook_url"].rpartition("/")
    assert prefix == "{{ $externalLabels.runbooks }}"
    assert rule["alert"] in (DEPLOY / "runbooks" / page).read_text("utf-8")


def test_where_the_runbooks_are_is_said_to_prometheus() -> None:
    [prometheus] = documents(DEPLOY / "monitoring" / "prometheus.yaml")
    assert prometheus["global"]["external_labels"]["runbooks"].endswith("deploy/runbooks")


@each_rule
def test_its_value_is_rounded_where_it_is_said(rule: dict[str, Any]) -> None:
    said = " ".join(rule["annotations"].values())
    ways = set(re.findall(r"\$value\s*(.*?)\s*}}", said))
    assert ways <= {"| humanize", "| humanizeDuration", "| humanizePercentage", "| printf `%.0f`"}
    assert said.count("{{") == len(re.findall(r"{{ \$\w+", said))


def test_each_has_a_name_of_its_own() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
