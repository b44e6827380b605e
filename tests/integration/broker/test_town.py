"""Setting up a town's desks and tools, beside other towns."""

from __future__ import annotations

import re

import pytest
from pika.exceptions import ConnectionClosedByBroker, ProbableAccessDeniedError, ProbableAuthenticationError

from shared.amqp.management import BrokerError, Management
from shared.messaging import deployer, topology
from shared.messaging.deployer import Login

from .client import Place, answer_to, connected, deployer_channel, listen, receive, send, turn_down
from .conftest import apply_town, town


def _desk_tool(place: Place, department: str) -> dict[str, str]:
    return {"user": place.user("gentilly-desk"), "role": "agent", "department": department}


def test_a_case_reaches_the_desk_of_its_town_and_no_other(applied: Place) -> None:
    with connected(applied, applied.login("vigie-routing")) as routing:
        channel = routing.channel()
        for slug in ("gentilly", "arcueil"):
            send("desk", f"{slug}.voirie", slug.encode())(channel)
    for slug in ("gentilly", "arcueil"):
        with connected(applied, applied.login(f"{slug}-voirie")) as tool:
            channel = tool.channel()
            assert [body for _, _, body in receive(channel, f"desk.{slug}.voirie", 1)] == [slug.encode()]
            assert channel.basic_get(f"desk.{slug}.voirie") == (None, None, None)


@pytest.mark.parametrize(("own", "other"), [("gentilly", "arcueil"), ("arcueil", "gentilly")])
def test_towns_do_not_touch_each_other(applied: Place, own: str, other: str) -> None:
    web, agent = applied.login(f"{own}-web"), applied.login(f"{own}-voirie")
    assert answer_to(applied, web, send("citizen.in", f"{other}.submission")) == 403
    assert answer_to(applied, agent, send("desk.in", f"{other}.voirie")) == 403
    assert answer_to(applied, agent, listen(f"desk.{other}.voirie")) == 403
    with deployer_channel(applied) as channel:
        send("desk", f"{other}.voirie", b"kept")(channel)
    apply_town(applied, own, departments=[], tools=[])
    try:
        assert (
            answer_to(applied, applied.login(f"{other}-web"), send("citizen.in", f"{other}.submission"))
            is None
        )
        with connected(applied, applied.login(f"{other}-voirie")) as tool:
            assert [body for _, _, body in receive(tool.channel(), f"desk.{other}.voirie", 1)] == [b"kept"]
    finally:
        apply_town(applied, own)


def test_a_town_cannot_take_the_user_of_another(applied: Place) -> None:
    stolen = {"user": applied.user("gentilly-web"), "role": "front_end"}
    with pytest.raises(BrokerError, match=r"gentilly-web.* is somebody else's .*town-gentilly.*town-arcueil"):
        apply_town(applied, "arcueil", tools=[stolen])
    with pytest.raises(BrokerError, match=r"vigie-intake.* is somebody else's"):
        apply_town(applied, "arcueil", tools=[{"user": applied.user("vigie-intake"), "role": "analyst"}])
    assert (
        answer_to(applied, applied.login("gentilly-web"), send("citizen.in", "gentilly.submission")) is None
    )


def test_a_user_made_by_hand_is_not_taken_for_a_tool(applied: Place) -> None:
    name = applied.user("by-hand")
    with Management(applied.broker.api_url) as api:
        api.put("users", name, body={"password": "x", "tags": ""})
    with pytest.raises(BrokerError, match=r"by-hand.* is somebody else's \(tags: none"):
        apply_town(applied, "arcueil", tools=[{"user": name, "role": "analyst"}])


def test_a_password_is_made_up_once_and_then_kept(applied: Place) -> None:
    configuration = town(applied, "gentilly")
    configuration["tools"] = [*configuration["tools"], _desk_tool(applied, "proprete")]  # type: ignore[misc]
    first = deployer.apply_town(applied.broker, configuration, {})
    again = deployer.apply_town(applied.broker, configuration, {})
    [login] = first.generated
    assert login.user == applied.user("gentilly-desk")
    assert len(login.password) >= 24
    assert again.generated == ()
    assert answer_to(applied, login, listen("desk.gentilly.proprete")) is None
    given = Login(login.user, "given")
    assert deployer.apply_town(applied.broker, configuration, {given.user: "given"}).generated == ()
    assert answer_to(applied, given, listen("desk.gentilly.proprete")) is None
    with pytest.raises(ProbableAuthenticationError):
        answer_to(applied, login, listen("desk.gentilly.proprete"))


def test_a_tool_that_changes_department_loses_the_old_one(applied: Place) -> None:
    tool = _desk_tool(applied, "voirie")
    for department, other in (("voirie", "proprete"), ("proprete", "voirie")):
        apply_town(applied, "gentilly", tools=[{**tool, "department": department}])
        login = applied.login("gentilly-desk")
        assert answer_to(applied, login, listen(f"desk.gentilly.{department}")) is None
        assert answer_to(applied, login, listen(f"desk.gentilly.{other}")) == 403
        assert answer_to(applied, login, send("desk.in", f"gentilly.{department}")) is None
        assert answer_to(applied, login, send("desk.in", f"gentilly.{other}")) == 403
    apply_town(applied, "gentilly")


def test_a_tool_that_is_no_longer_listed_is_out_at_once(applied: Place) -> None:
    apply_town(applied, "gentilly", tools=[_desk_tool(applied, "voirie")])
    with connected(applied, applied.login("gentilly-desk")) as tool:
        channel = tool.channel()
        channel.basic_consume("desk.gentilly.voirie", lambda *_: None)
        done = apply_town(applied, "gentilly")
        assert done.removed == (applied.user("gentilly-desk"),)
        with pytest.raises(ConnectionClosedByBroker) as closed:
            tool.process_data_events(time_limit=20)
    assert closed.value.reply_code == 320
    with pytest.raises(ProbableAuthenticationError):
        answer_to(applied, applied.login("gentilly-desk"), listen("desk.gentilly.voirie"))


def test_a_tool_that_works_in_another_vhost_too_keeps_that(applied: Place) -> None:
    apply_town(applied, "gentilly", tools=[_desk_tool(applied, "voirie")])
    elsewhere = f"{applied.broker.vhost}-elsewhere"
    login = applied.login("gentilly-desk")
    with Management(applied.broker.api_url) as api:
        api.put("vhosts", elsewhere, body={})
        api.put("permissions", elsewhere, login.user, body={"configure": "^$", "write": "^$", "read": "^$"})
        try:
            assert apply_town(applied, "gentilly").removed == (login.user,)
            assert [p["vhost"] for p in api.get("users", login.user, "permissions")] == [elsewhere]
        finally:
            api.delete("vhosts", elsewhere)
    with pytest.raises(ProbableAccessDeniedError):
        answer_to(applied, login, listen("desk.gentilly.voirie"))


def test_the_desk_of_a_department_that_is_gone_is_kept_and_named(applied: Place) -> None:
    with deployer_channel(applied) as channel:
        send("desk", "gentilly.proprete", b"open case")(channel)
    done = apply_town(applied, "gentilly", departments=[{"slug": "voirie"}])
    assert done.left == ("desk.gentilly.proprete",)
    with deployer_channel(applied) as channel:
        assert [body for _, _, body in receive(channel, "desk.gentilly.proprete", 1)] == [b"open case"]
    assert apply_town(applied, "gentilly").left == ()


def test_a_desk_that_nobody_reads_drops_its_oldest_messages(applied: Place) -> None:
    with Management(applied.broker.api_url) as api:
        arguments = api.get("queues", applied.broker.vhost, "desk.gentilly.voirie")["arguments"]
    assert arguments == {
        "x-queue-type": "quorum",
        "x-delivery-limit": 1_000_000,
        "x-overflow": "drop-head",
        "x-max-length": 10_000,
        "x-message-ttl": 30 * 24 * 3600 * 1000,
    }


@pytest.mark.parametrize("declared", ["now", "before desk queues had a limit"])
def test_a_report_that_a_tool_gives_back_again_and_again_stays_on_its_desk(
    applied: Place, declared: str
) -> None:
    queue, body = "desk.gentilly.voirie", declared.encode()
    if declared != "now":
        _declare_without_a_limit(applied, queue)
    for _ in range(2):  # the second time changes nothing
        apply_town(applied, "gentilly")
    with deployer_channel(applied) as channel:
        channel.queue_purge(queue)
        send("desk", "gentilly.voirie", body)(channel)
    with connected(applied, applied.login("gentilly-voirie")) as tool:
        channel = tool.channel()
        turn_down(channel, queue, requeue=True, times=topology.DELIVERY_LIMIT + 20)
        assert [found for _, _, found in receive(channel, queue, 1)] == [body]


def test_desks_of_before_get_their_limit_by_policy(applied: Place) -> None:
    with Management(applied.broker.api_url) as api:
        api.delete("policies", applied.broker.vhost, "vigie-desks")
        apply_town(applied, "gentilly")
        policy = api.get("policies", applied.broker.vhost, "vigie-desks")
    assert policy["definition"] == {"delivery-limit": 1_000_000}
    assert re.match(policy["pattern"], "desk.gentilly.voirie")
    assert not re.match(policy["pattern"], "intake.submissions")


def test_a_desk_with_another_limit_is_named_and_left_alone(applied: Place) -> None:
    queue = "desk.gentilly.proprete"
    _declare_without_a_limit(applied, queue, **{"x-delivery-limit": 5})
    with pytest.raises(BrokerError, match=f"(?s)'x-delivery-limit' for queue '{queue}'.*delete it"):
        apply_town(applied, "gentilly")
    with deployer_channel(applied) as channel:
        channel.queue_delete(queue)
    apply_town(applied, "gentilly")


def _declare_without_a_limit(place: Place, queue: str, **more: object) -> None:
    [wanted] = topology.town("gentilly", ["voirie"]).queues
    arguments = {name: v for name, v in wanted.arguments.items() if name != "x-delivery-limit"} | more
    with deployer_channel(place) as channel:
        channel.queue_delete(queue)
        channel.queue_declare(queue, durable=True, arguments=arguments)
