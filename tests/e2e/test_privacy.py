"""Who wrote is known to intake alone: nothing else, wherever one looks, holds a name, an address or a key."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from shared.settings import SERVICES
from tests.e2e import counts, traces
from tests.e2e.tool import Tool, agent_tool, codes, front_end, read_stream, submission
from tests.support.system import System, wait_until

PEOPLE = (
    {"first_name": "Ζηνοβία", "last_name": "Quénéhervé", "email": "zenobie.queneherve@exemple-privé.fr"},
    {"first_name": "Þórgunnur", "last_name": "O'Shaughnessy-Ωmega", "email": "thorgunnur.omega@example.org"},
    {"first_name": "Владислава", "last_name": "Крузенштерн", "email": "V.Kruzenshtern+Ville@Example.ORG"},
    {"first_name": "Guillemette", "last_name": "d’Haussonvillers", "email": "g.haussonvillers@example.org"},
    {"first_name": "美咲のぞみ", "last_name": "五十嵐小路", "email": "misaki-nozomi@example.org"},
)
PATIENCE = 90.0


@dataclass
class Story:
    """What was sent, and what the world outside was given: nothing of it may lie about."""

    names: set[str] = field(default_factory=set)
    tracking_urls: set[str] = field(default_factory=set)
    references: set[str] = field(default_factory=set)
    passed_by: bytes = b""
    started_at_fact: int = 0


def _person(number: int) -> dict[str, str]:
    person = PEOPLE[number % len(PEOPLE)]
    return {**person, "email": f"n{number}.{person['email']}"}


@pytest.fixture(scope="module")
def story(system: System) -> Iterator[Story]:
    """Some dozens of submissions, good and bad, from first to last: told, acted upon, looked at."""
    made = Story(started_at_fact=sum(counts.happened(system).values()))
    with traces.Tap(system) as tap:
        with front_end(system.values["FRONT_AMQP_URL"]) as tool:
            _send_good(tool, made, 30)
            _send_refused(tool, made)
            _send_unanswerable(tool, made)
        _act(system, made)
        _fail_in_the_database(system)
        _look_at_the_page(made)
        wait_until(lambda: _settled(system, made), PATIENCE, "all is told, mailed and parked")
        made.passed_by = tap.passed()
    yield made
    system.vigie("parked", "drop", "--all", "--yes")


def _send_good(tool: Tool, made: Story, number: int) -> None:
    for n in range(number):
        person = _person(n)
        made.names |= set(person.values())
        consent = {"share_contact": n % 2 == 0}
        category = "eau/fuite" if n % 3 == 0 else "voirie/nid-de-poule"
        event = tool.event(
            "submission.sent.v1", submission(n, citizen=person, consent=consent, category=category)
        )
        answer = tool.ask(event)
        assert tool.ask(event) == answer, "the same again has the same receipt"
        made.tracking_urls.add(answer["data"]["report"]["tracking_url"])
        made.references.add(answer["data"]["report"]["reference"])


def _send_refused(tool: Tool, made: Story) -> None:
    """Wrong in places where what was written might be repeated."""
    for n, (where, value) in enumerate(
        (
            ("email", "arthemise.brindavoine-sans-arobase"),
            ("email", "arthémise.brindavoine@example.org"),
            ("email", "arthémise@brindavoine@example.org"),
            ("first_name", "Brindavoine" * 200),
            ("last_name", ["Brindavoine-Fauconnier"]),
            ("Brindavoine-Fauconnier", "x"),
        )
    ):
        citizen = {**_person(100 + n), where: value}
        made.names |= {*_person(100 + n).values(), "Brindavoine"}
        answer = tool.ask(tool.event("submission.sent.v1", submission(n, citizen=citizen)))
        assert answer["type"] == "submission.rejected.v1", codes(answer)


def _send_unanswerable(tool: Tool, made: Story) -> None:
    """No reply can tell their sender what is wrong, so they are parked: whole, cut off, and in Latin 1."""
    citizen = {"first_name": "Hildegarde", "last_name": "Von Wolkenstein", "email": "hildegarde@example.org"}
    made.names |= {"Hildegarde", "Von Wolkenstein", "hildegarde@example.org"}
    whole = tool.event("submission.sent.v1", submission(1, citizen=citizen, surprise=1))
    odd_field = tool.event("submission.sent.v1", submission(1, **{"hildegarde@example.org": 1}))
    bodies = (
        json.dumps(whole).encode(),
        json.dumps(whole).encode()[:-20],
        json.dumps(whole, ensure_ascii=False).encode("latin-1"),
        json.dumps(odd_field).encode(),
    )
    for n, body in enumerate(bodies):
        tool.publish(body, f"unanswerable-{n}", reply_to=None)


def _act(system: System, made: Story) -> None:
    with agent_tool(system.values["AGENT_AMQP_URL"]) as desk:
        events = iter(lambda: desk.take("desk.gentilly.voirie", 1)[0], None)
        new = (event["data"]["report"] for event in events if event["type"] == "report.routed.v1")
        mine = (report["id"] for report in new if report["reference"] in made.references)
        for _ in range(3):
            report = next(mine)
            for what, more in (("acknowledged", {}), ("resolved", {"text": "Fait.", "outcome": "done"})):
                data = {"report": report, "agent": "Nadia", **more}
                assert desk.ask(desk.event(f"agent.{what}.v1", data))["type"] == "action.accepted.v1"


def _fail_in_the_database(system: System) -> None:
    """PostgreSQL would like to quote the row that offends."""
    again = "insert into citizen select * from citizen limit 1"
    with psycopg.connect(system.values["INTAKE_DATABASE_URL"]) as conn:
        for statement in (again, "insert into citizen (town, email) select email_key, email from citizen"):
            with pytest.raises(psycopg.errors.IntegrityError), conn.transaction():
                conn.execute(statement.encode())


def _look_at_the_page(made: Story) -> None:
    for url in made.tracking_urls:
        with urllib.request.urlopen(url, timeout=60) as page:
            assert page.status == 200
    nowhere = f"{next(iter(made.tracking_urls))}x?email=hildegarde@example.org"
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(nowhere, timeout=60)
    missing.value.close()


def _settled(system: System, made: Story) -> bool:
    owed = "select count(*) from delivery where state not in ('sent', 'failed') and reference = any(%s)"
    told = "select count(*) from delivery where template = 'resolved' and reference = any(%s)"
    references = list(made.references)
    return (
        counts.quiet(system)
        and counts.parked(system) >= 4
        and counts.scalar(system, "notification", told, references) == 3
        and counts.scalar(system, "notification", owed, references) == 0
    )


@pytest.fixture(scope="module")
def places(system: System, story: Story) -> Mapping[str, bytes]:
    """Everything but intake's identity tables, its parked messages, and the mails."""
    stream = read_stream(system.values["ANALYST_AMQP_URL"], sum(counts.happened(system).values()))
    assert len(stream) >= story.started_at_fact + 2 * len(story.references)
    return {
        **{f"database of {name}": traces.dump(system, name) for name in SERVICES if name != "intake"},
        "database of intake": traces.dump(system, "intake", "citizen", "author", "parked"),
        "what was published": story.passed_by,
        "statistics": json.dumps(list(stream.values()), ensure_ascii=False).encode(),
        **traces.messages(system),
        **traces.logs(system),
    }


def test_they_would_be_found_where_they_are_allowed_to_be(system: System, story: Story) -> None:
    """Or the search below proves nothing."""
    known = {"citizen": traces.dump(system, "intake", only="citizen")}
    parked = {"parked": traces.dump(system, "intake", only="parked")}
    mailed = {"mails": b"\n".join(mail.as_bytes() for mail in system.ground.mailbox.mails())}
    for n in range(len(PEOPLE)):
        assert len(traces.found(known, _person(n).values())) == 3
        assert traces.found(mailed, [_person(n)["email"].partition("@")[0]]), "the receipt was mailed"
    assert traces.found(parked, ["Von Wolkenstein"])
    assert traces.found(parked, ["Brindavoine"]) == set(), "who was told what is wrong is not kept"


def test_no_name_and_no_address_is_found_anywhere_else(places: Mapping[str, bytes], story: Story) -> None:
    assert traces.found(places, story.names) == set()


def test_addresses_are_given_to_notification_alone(system: System, story: Story) -> None:
    """Every service may write to any queue by its name: routing asks as it does, and gets nothing."""
    people = counts.pairs(system, "intake", "select citizen_id::text, id::text from report limit 1")
    assert _contacts(system, "notification", people)
    assert _contacts(system, "routing", people) == []


def _contacts(system: System, service: str, people: Mapping[str, str]) -> list[dict[str, str]]:
    """What `service` is told of people, asking for reports by citizen; notification asks last."""
    recipients = [{"citizen_id": citizen, "report_id": report} for citizen, report in people.items()]
    asked = {"purpose": "tell_citizen", "recipients": recipients}
    way = ("intake", "contacts") if service == "notification" else ("", "intake.contacts")
    with Tool(system.values[f"{service.upper()}_AMQP_URL"], "gentilly", *way) as tool:
        tool.send(tool.event("contacts.requested.v1", asked))
        if service != "notification":
            _contacts(system, "notification", people)  # answered in order: ours has been looked at
            tool.listen(0.1)
        given = tool.wait(1) if service == "notification" else tool.answers
        return [contact for _, answer in given for contact in answer["data"]["contacts"]]


def test_everything_was_looked_at(places: Mapping[str, bytes], story: Story) -> None:
    """The reports themselves are everywhere where they should be."""
    seen = {place for place, _ in traces.found(places, story.references)}
    assert seen >= {f"database of {name}" for name in ("intake", "routing", "notification")}
    assert "what was published" in seen
    assert places["statistics"].count(b"statistics.fact.v1") >= 2 * len(story.references)
    assert b"duplicate key value" in places["log of postgres"]
    assert b"delivery sent" in places["log of notification"]
    assert b"kept " in places["log of the mail catcher"]


def test_no_key_and_no_secret_is_found(system: System, places: Mapping[str, bytes], story: Story) -> None:
    secrets = {system.values["INTAKE_SECRET"], system.values["FRONT_API_KEY"]}
    secrets |= {urlsplit(url).password or "" for name, url in system.values.items() if name.endswith("_URL")}
    assert traces.found(places, secrets - {""}) == set()


def test_no_link_to_a_citizens_page_is_found(places: Mapping[str, bytes], story: Story) -> None:
    """But in intake's own memory of what it answered, where a repeat finds it."""
    tokens = {urlsplit(url).path.rpartition("/")[2] for url in story.tracking_urls}
    elsewhere = {place: content for place, content in places.items() if place != "database of intake"}
    assert traces.found(elsewhere, tokens) == set()


def test_intakes_own_events_hold_no_link_either(system: System, story: Story) -> None:
    tokens = {urlsplit(url).path.rpartition("/")[2] for url in story.tracking_urls}
    own = {table: traces.dump(system, "intake", only=table) for table in ("event", "outbox", "retry")}
    assert b"report.submitted.v1" in own["event"]
    assert traces.found(own, tokens) == set()
    kept = {"inbox": traces.dump(system, "intake", only="inbox")}
    assert len(traces.found(kept, tokens)) == len(tokens)


def test_a_parked_submission_is_shown_without_what_its_author_wrote(system: System, story: Story) -> None:
    waiting: list[dict[str, Any]] = json.loads(system.vigie("parked", "list", "--json"))
    shown = {row["id"]: system.vigie("parked", "show", row["id"]).encode() for row in waiting}
    shown["the list"] = json.dumps(waiting, ensure_ascii=False).encode()
    assert traces.found(shown, story.names) == set()
    whole = next(row["id"] for row in waiting if "surprise" in row["cause"])
    raw = system.vigie("parked", "show", whole, "--raw").encode()
    assert traces.found({"raw": raw}, ["Von Wolkenstein"])
