"""Two towns in one Vigie: neither touches the other, and each changes its files while reports flow."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pika.exceptions
import pytest

from deploy.local import connections, paths
from shared.amqp.management import Management
from shared.messaging import deployer
from tests.e2e import counts, wire
from tests.e2e.tool import Tool, agent_tool, codes, front_end, read_stream, submission
from tests.support import pictures, reports
from tests.support.ground import Ground
from tests.support.system import GENTILLY, System, wait_until

EXEMPLE = paths.ROOT / "deploy" / "towns" / "exemple-sur-bievre"
NOT_CONFIGURED = "the town exemple is not configured"
BENCH = "mobilier-urbain/banc"
PLACES = {
    "gentilly": {"latitude": 48.8130, "longitude": 2.3420},
    "exemple": {"latitude": 48.7540, "longitude": 2.2000},
}


@dataclass(frozen=True)
class Towns:
    """A Vigie with Gentilly and, in users of its own, the second example town."""

    system: System
    folder: Path
    suffix: str

    def url(self, town: str, tool: str) -> str:
        """The AMQP address of a town's tool: `web`, `voirie` or `analyst`."""
        names = {"web": "FRONT", "voirie": "AGENT", "analyst": "ANALYST"}
        own = self.system.values[f"{names[tool]}_AMQP_URL"]
        return (
            own if town == "gentilly" else connections.as_user(own, self.user(tool), self.suffix, _path(own))
        )

    def user(self, tool: str) -> str:
        """A tool of the second town: `exemple-web-…`."""
        return f"exemple-{tool}-{self.suffix[:6]}"

    def front_end(self, town: str) -> Tool:
        """The front end of a town."""
        return front_end(self.url(town, "web"), town)

    def sent(self, town: str, **changes: Any) -> dict[str, Any]:
        """A report of this town that was accepted."""
        with self.front_end(town) as tool:
            data = submission(1, **{"place": PLACES[town], **changes})
            answer = tool.ask(tool.event("submission.sent.v1", data))
        assert answer["type"] == "submission.accepted.v1", codes(answer)
        report: dict[str, Any] = answer["data"]["report"]
        return report


def _path(url: str) -> str:
    return "/" + url.rpartition("/")[2]


@pytest.fixture(scope="module")
def towns(make_ground: Callable[[], Ground], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    """Gentilly is set up, the second town is not yet."""
    with make_ground() as ground:
        system = System(ground, RETRY_DELAYS="0.2,0.2")
        both = Towns(system, tmp_path_factory.mktemp("towns") / "exemple", secrets.token_hex(8))
        _copy(both)
        try:
            system.start()
            system.apply_town()
            yield both
        finally:
            system.close()
            _remove_users(both)


def _copy(towns: Towns) -> None:
    shutil.copytree(EXEMPLE, towns.folder)
    tools = towns.folder / "tools.yaml"
    for tool in ("web", "voirie", "analyst"):
        tools.write_text(re.sub(rf"\bexemple-{tool}\b", towns.user(tool), tools.read_text()))
        towns.system.values[deployer.password_setting(towns.user(tool))] = towns.suffix


def _remove_users(towns: Towns) -> None:
    with Management(towns.system.values["ADMIN_API_URL"]) as api:
        for tool in ("web", "voirie", "analyst"):
            api.delete("users", towns.user(tool))


@pytest.fixture(scope="module")
def both(towns: Towns) -> Towns:
    """Both towns are set up; what came too early for the second was parked, and is cured by that."""
    report = _tell_of_unknown_town(towns.system)
    wait_until(lambda: counts.parked(towns.system) == 1, 60, "routing has given up")
    [parked] = json.loads(towns.system.vigie("parked", "list", "--json"))
    assert (parked["service"], parked["cause"], parked["town"]) == ("routing", NOT_CONFIGURED, "exemple")
    assert "exemple: version 1 (new)" in towns.system.apply_town(towns.folder)
    towns.system.vigie("parked", "replay", parked["id"])
    wait_until(lambda: counts.cases(towns.system, "exemple") == {"department": 1}, what=f"{report} is routed")
    assert counts.parked(towns.system) == 0
    return towns


def _tell_of_unknown_town(system: System) -> str:
    event = reports.event("submitted", reports.report(place=PLACES["exemple"]), town="exemple")
    with wire.channel(system.values["INTAKE_AMQP_URL"]) as channel:
        wire.publish(channel, "vigie-intake", "events", "exemple.report.submitted.v1", event.encode())
    return event.id


def test_a_report_that_came_before_its_town_is_routed_when_it_is_replayed(both: Towns) -> None:
    """The fixture has seen it; and nobody but the second town's desk has got it."""
    with agent_tool(both.url("exemple", "voirie"), "exemple") as desk:
        [event] = desk.take("desk.exemple.voirie", 1)
    assert (event["type"], event["town"]) == ("report.routed.v1", "exemple")


def test_each_report_is_known_in_its_town_alone(both: Towns) -> None:
    own = {town: both.sent(town) for town in ("gentilly", "exemple")}
    assert [report["reference"][:4] for report in own.values()] == ["GEN-", "EXE-"]
    for town, report in own.items():
        wait_until(lambda r=report: _target(both.system, r), what="it is routed")  # type: ignore[misc]
        shown = json.loads(both.system.vigie("report", "show", report["reference"], "--json"))
        assert (shown["town"], shown["target"]["id"]) == (town, "voirie")
        assert report["reference"] in both.system.vigie("routing", "explain", report["reference"])
        with agent_tool(both.url(town, "voirie"), town) as desk:
            [event] = desk.take(f"desk.{town}.voirie", 1)
        assert event["data"]["report"]["reference"] == report["reference"]


def _target(system: System, report: dict[str, Any]) -> Any:
    find = "select count(*) from case_file where report_id = %s"
    return counts.scalar(system, "routing", find, report["id"])


def test_the_same_id_in_two_towns_is_two_submissions(both: Towns) -> None:
    answers = []
    for town in ("gentilly", "exemple"):
        with both.front_end(town) as tool:
            event = tool.event("submission.sent.v1", submission(1), id="the-same-in-both")
            answers += [tool.ask(event), tool.ask(event)]
    references = [answer["data"]["report"]["reference"] for answer in answers]
    assert references[0] == references[1] != references[2] == references[3]


@pytest.mark.parametrize(("own", "other"), [("gentilly", "exemple"), ("exemple", "gentilly")])
def test_a_front_end_speaks_for_its_own_town_alone(both: Towns, own: str, other: str) -> None:
    with both.front_end(own) as tool:
        answer = tool.ask(tool.event("submission.sent.v1", submission(1), town=other))
        assert codes(answer) == {("/town", "not_allowed")}
    forged = wire.objection(both.url(own, "web"), tool.user, "citizen.in", f"{other}.submission")
    assert forged == 403


@pytest.mark.parametrize(("own", "other"), [("gentilly", "exemple"), ("exemple", "gentilly")])
def test_an_agent_acts_in_its_own_town_alone(both: Towns, own: str, other: str) -> None:
    report = both.sent(other)
    wait_until(lambda: _target(both.system, report), what="it is routed")
    data = {"report": report["id"], "agent": "Nadia"}
    with agent_tool(both.url(own, "voirie"), own) as desk:
        there = desk.ask(desk.event("agent.acknowledged.v1", data, town=other))
        here = desk.ask(desk.event("agent.acknowledged.v1", data))
        with pytest.raises(pika.exceptions.ChannelClosedByBroker) as refused:
            desk.take(f"desk.{other}.voirie", 1)
    assert codes(there) == {("/town", "not_allowed")}
    assert codes(here) == {("/data/report", "unknown_report")}
    assert refused.value.reply_code == 403


def test_a_photo_belongs_to_the_front_end_that_sent_it(both: Towns) -> None:
    users = {"gentilly": "gentilly-web", "exemple": both.user("web")}
    keys = {town: both.system.vigie("intake", "key", town, user).strip() for town, user in users.items()}
    photo = pictures.unlike_any(1)
    sent = {town: _upload(both.system, key, photo) for town, key in keys.items()}
    assert sent["gentilly"] != sent["exemple"], "the same photo of another town is another photo"
    for own, other in (("gentilly", "exemple"), ("exemple", "gentilly")):
        with both.front_end(own) as tool:
            stolen = tool.ask(tool.event("submission.sent.v1", submission(1, photos=[sent[other]])))
        assert codes(stolen) == {("/data/photos/0", "unknown_photo")}
        both.sent(own, photos=[sent[own]])


def _upload(system: System, key: str, photo: bytes) -> str:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "image/jpeg"}
    request = urllib.request.Request(f"{system.url('intake-web')}/photos", photo, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(json.load(answer)["id"])


def test_each_town_writes_its_own_mails_and_is_counted_by_itself(both: Towns) -> None:
    report = both.sent("exemple", citizen={"first_name": "B", "last_name": "M", "email": "bm@example.org"})
    mail = wait_until(lambda: _mail_about(both.system, report["reference"]), what="the receipt is mailed")
    assert "signalement-exemple@example.org" in str(mail["From"])
    wait_until(lambda: counts.quiet(both.system))
    towns = {town: counts.happened(both.system, town) for town in ("gentilly", "exemple")}
    facts = read_stream(both.url("exemple", "analyst"), sum(sum(found.values()) for found in towns.values()))
    for town, happened in towns.items():
        told = [fact["data"]["happened"] for fact in facts.values() if fact["town"] == town]
        assert {what: told.count(what) for what in set(told)} == happened


def _mail_about(system: System, reference: str) -> Any:
    return next((m for m in system.ground.mailbox.mails() if reference in str(m["Subject"])), None)


def test_a_category_is_retired_while_reports_flow(both: Towns, tmp_path: Path) -> None:
    """What was taken stays taken, and is answered so; what comes later is refused; versions tell which."""
    folder = _without_benches(tmp_path / "gentilly")
    with both.front_end("gentilly") as tool, ThreadPoolExecutor(1) as operator:
        applied = operator.submit(both.system.apply_town, folder)
        flow = _flow(tool, applied.done)
        assert "gentilly: version 2 (new)" in applied.result()
        answers = dict(tool.wait(len(flow)))
        late = tool.ask(tool.event("submission.sent.v1", submission(1, category=BENCH)))
        taken = [key for key in flow if answers[key]["type"] == "submission.accepted.v1"]
        again = tool.ask(flow[taken[0]])
    assert codes(late) == {("/data/category", "retired_category")}
    assert again == answers[taken[0]]
    assert list(flow)[: len(taken)] == taken, "none is taken after one was refused"
    refused = [codes(answers[key]) for key in flow if key not in taken]
    assert all(found == {("/data/category", "retired_category")} for found in refused)
    assert _versions(both, [answers[taken[0]]["data"]["report"], both.sent("gentilly")]) == [1, 2]


def _without_benches(folder: Path) -> Path:
    shutil.copytree(GENTILLY, folder)
    file = folder / "categories.yaml"
    text, n = re.subn(r"^( *)- slug: banc$", r"\g<0>\n\1  active: false", file.read_text(), flags=re.M)
    assert n == 1
    file.write_text(text)
    return folder


def _flow(tool: Tool, enough: Callable[[], bool]) -> dict[str, Any]:
    """Submissions without a pause, fifty at a time, until the new version is there and one was refused."""
    flow: dict[str, Any] = {}
    while not enough() or tool.answers[-1][1]["type"] == "submission.accepted.v1":
        for _ in range(50):
            event = tool.event("submission.sent.v1", submission(len(flow), category=BENCH))
            flow[tool.send(event)] = event
        tool.wait(len(flow) - 50)
    return flow


def _versions(both: Towns, sent: list[dict[str, Any]]) -> list[Any]:
    for report in sent:
        wait_until(lambda r=report: _target(both.system, r), what="it is routed")  # type: ignore[misc]
    shown = [json.loads(both.system.vigie("report", "show", r["reference"], "--json")) for r in sent]
    return [known["rule_set"] for known in shown]


def test_users_of_one_town_are_named_nowhere_in_the_other(both: Towns) -> None:
    shown = {
        town: json.loads(both.system.vigie("town", "show", town, "--json"))
        for town in ("gentilly", "exemple")
    }
    for town, other in (("gentilly", "exemple"), ("exemple", "gentilly")):
        assert not [tool for tool in shown[town]["tools"] if tool["user"].startswith(other)]
    with Management(both.system.values["ADMIN_API_URL"]) as api:
        there = api.get("queues", both.system.ground.name)
    desks = {queue["name"] for queue in there if queue["name"].startswith("desk.")}
    wanted = {f"desk.{t}.{d['slug']}" for t, known in shown.items() for d in known["departments"]}
    assert desks == wanted
