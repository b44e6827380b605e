"""`vigie town apply` and `show`: what they check, make, store, tell and print; no service runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from services.routing import townfiles
from services.routing.usecases import configuration as configuring
from shared.amqp.management import Management
from shared.contracts import registry
from shared.contracts.envelope import decode
from shared.messaging import deployer
from shared.unit import unit_of_work
from tests.support.ground import Ground

from . import townfolder
from .conftest import Town

TOLD = """select e.body::text, o.exchange, o.routing_key
  from outbox o join event e on e.id = o.event_id where o.town = %(town)s"""


def _desk(essai: Town) -> Any:
    vhost = deployer.Broker(essai.values["ADMIN_AMQP_URL"], "").vhost
    with Management(essai.values["ADMIN_API_URL"]) as api:
        return api.get("queues", vhost, f"desk.{essai.slug}.voirie")


def test_a_new_town_is_stored_and_told(essai: Town) -> None:
    result = essai.apply()
    assert result.exit_code == 0, result.output
    assert f"{essai.slug}: version 1 (new)\n" in result.output
    [(body, exchange, key)] = essai.rows(TOLD)
    assert (exchange, key) == ("events", f"{essai.slug}.town.configured.v1")
    event = decode(body.encode())
    registry.check(event)
    assert event.data["version"] == 1
    assert event.data["tools"][0] == {"user": essai.user, "role": "front_end"}
    assert essai.rows("select version, configuration from town where town = %(town)s") == [(1, event.data)]
    assert _desk(essai)["arguments"]["x-queue-type"] == "quorum"


def test_the_same_content_keeps_its_version_and_is_told_once(essai: Town) -> None:
    essai.apply()
    unchanged = essai.apply()
    assert f"{essai.slug}: version 1 (unchanged)\n" in unchanged.output
    assert len(essai.rows(TOLD)) == 1
    essai.files["town.yaml"] = dict(reversed(essai.files["town.yaml"].items()))
    assert "version 1 (unchanged)" in essai.apply().output


def test_again_tells_the_same_version_as_a_new_event(essai: Town) -> None:
    essai.apply()
    assert "version 1 (told again)" in essai.apply("--again").output
    first, second = (decode(body.encode()) for body, _, _ in essai.rows(TOLD))
    assert first.id != second.id
    assert first.data == second.data


def test_other_content_is_a_new_version(essai: Town) -> None:
    essai.apply()
    essai.files["rules.yaml"]["rules"][0]["priority"] = "urgent"
    assert "version 2 (new)" in essai.apply().output
    assert essai.rows("select version from town_version where town = %(town)s order by 1") == [(1,), (2,)]
    assert essai.rows("select version from town where town = %(town)s") == [(2,)]


SEVEN = """insert into town (town, version, configuration)
  values (%(town)s, 7, '{}') returning version"""
LOST = "delete from town_version where town = %(town)s returning town"


def test_it_goes_on_from_the_highest_version_that_any_service_has(essai: Town) -> None:
    essai.rows(SEVEN, "analytics")
    assert f"{essai.slug}: version 8 (new)\n" in essai.apply().output
    assert f"{essai.slug}: version 8 (unchanged)\n" in essai.apply().output


def test_what_routing_has_lost_is_told_under_a_version_that_nobody_has(essai: Town) -> None:
    essai.apply()
    essai.rows(LOST)
    assert f"{essai.slug}: version 2 (new)\n" in essai.apply().output


def test_the_same_content_is_new_where_a_service_has_a_later_version(essai: Town) -> None:
    essai.apply()
    essai.rows(SEVEN, "intake")
    assert f"{essai.slug}: version 8 (new)\n" in essai.apply().output


def test_a_database_that_cannot_say_which_version_it_has_changes_nothing(essai: Town) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    result = essai.apply(NOTIFICATION_DATABASE_URL=nowhere)
    assert result.exit_code == 1
    assert "the database of notification cannot be reached" in result.output
    assert _desk(essai) is None
    assert essai.rows("select 1 from town_version where town = %(town)s") == []


def test_at_the_end_it_says_what_is_to_be_done_next(essai: Town) -> None:
    first, second = essai.apply(), essai.apply()
    _, _, steps = first.output.partition("next:\n")
    assert "printed above and kept nowhere" in steps
    assert f"{deployer.password_setting(essai.user)}=… vigie town apply {essai.folder}" in steps
    assert f"vigie intake key {essai.slug} {essai.user}\n" in steps
    assert f"vigie intake key {essai.slug} {essai.user}-desk" not in steps
    assert f"vigie town show {essai.slug}\n" in steps
    assert "next:" not in second.output


def test_what_is_still_an_example_is_a_warning(essai: Town) -> None:
    essai.files["departments.yaml"]["departments"][0]["example"] = True
    applied = essai.apply()
    assert applied.exit_code == 0
    assert f"warning: {essai.folder}/departments.yaml: examples, to be confirmed" in applied.output


def test_bad_files_change_nothing_and_are_told_with_their_lines(essai: Town) -> None:
    essai.files["rules.yaml"]["rules"][0]["department"] = "vorie"
    essai.files["tools.yaml"]["tools"][0]["role"] = "frontend"
    result = essai.apply()
    assert result.exit_code == 2
    assert f"{essai.folder}/rules.yaml:6: " in result.output
    assert f"{essai.folder}/tools.yaml:3: " in result.output
    assert "voirie" in result.output
    assert f"mistakes in {essai.folder}: 2; nothing was changed" in result.output
    assert _desk(essai) is None
    assert essai.rows("select 1 from town_version where town = %(town)s") == []


ONE_REPORT = """insert into case_file
   (town, report_id, reference, report, state, target_kind, target, rule_set, reason, sequence, opened_at,
    changed_at)
  values (%(town)s, gen_random_uuid(), 'ESS-7K3M-9QX2', '{"category": "rue/trou"}', 'routed', 'department',
    'voirie', 1, '{}', 1, now(), now()) returning town"""


def _with_a_bench(essai: Town) -> list[dict[str, Any]]:
    """The children of the street's category, a second one among them, as they are applied."""
    children: list[dict[str, Any]] = essai.files["categories.yaml"]["categories"][0]["children"]
    children.append({"slug": "banc", "label": townfolder.both("Un banc")})
    essai.apply()
    return children


def test_a_category_that_reports_have_is_retired_and_not_removed(essai: Town) -> None:
    children = _with_a_bench(essai)
    essai.rows(ONE_REPORT)
    hole = children.pop(0)
    refused = essai.apply()
    assert refused.exit_code == 2
    assert f"{essai.folder}/categories.yaml: category 'rue/trou' is gone, and reports have it (1); " in (
        refused.output
    )
    assert "'active: false'" in refused.output
    assert f"mistakes in {essai.folder}: 1; nothing was changed" in refused.output
    assert essai.rows("select max(version) from town_version where town = %(town)s") == [(1,)]
    children.append({**hole, "active": False})
    assert "version 2 (new)" in essai.apply().output


def test_a_category_that_no_report_has_may_go(essai: Town) -> None:
    children = _with_a_bench(essai)
    essai.rows(ONE_REPORT)
    children.pop()
    assert "version 2 (new)" in essai.apply().output


def test_what_the_broker_refuses_is_not_stored(essai: Town) -> None:
    with Management(essai.values["ADMIN_API_URL"]) as api:
        api.put("users", essai.user, body={"password": "x", "tags": "another-program"})
    result = essai.apply()
    assert result.exit_code == 1
    assert f"{essai.user} exists and is somebody else's (tags: another-program" in result.output
    assert _desk(essai) is None
    assert essai.rows("select 1 from town_version where town = %(town)s") == []


def test_passwords_are_made_up_or_taken_and_made_up_ones_shown_once(essai: Town) -> None:
    given = {deployer.password_setting(essai.user): "given-by-hand"}
    first, second = essai.apply(**given), essai.apply()
    assert f"password of {essai.user}-desk, shown this once: " in first.output
    assert "given-by-hand" not in first.output
    assert "replaced" not in first.output
    assert f"password of {essai.user}," not in first.output
    assert "password of" not in second.output


def test_a_password_that_is_replaced_is_said(essai: Town) -> None:
    essai.apply()
    setting = deployer.password_setting(essai.user)
    again = essai.apply(**{setting: "given-by-hand"})
    assert f"password of {essai.user} replaced by the one in {setting}\n" in again.output
    assert f"password of {essai.user}-desk" not in again.output


def test_a_short_password_is_refused_before_anything_is_changed(essai: Town) -> None:
    setting = deployer.password_setting(essai.user)
    result = essai.apply(**{setting: "eleven-char"})
    assert result.exit_code == 1
    assert f"{setting}: a password needs 12 characters at least; nothing was changed" in result.output
    assert "eleven" not in result.output
    assert _desk(essai) is None


def test_a_password_of_nobody_is_said(essai: Town, new_town: Callable[[Ground], Town], empty: Ground) -> None:
    other = new_town(empty)
    other.apply()
    meant = deployer.password_setting(essai.user)
    misspelt = meant.replace("ESSAI", "ESAI")
    result = essai.apply(**{misspelt: "", deployer.password_setting(other.user): "given-by-hand"})
    warnings = [line for line in result.output.splitlines() if line.startswith("warning: VIGIE_PASSWORD_")]
    said = f"warning: {misspelt} is the password of no tool of {essai.slug}; did you mean '{meant}'?"
    assert warnings == [said]


def test_services_that_do_not_run_are_named_and_not_waited_for(essai: Town) -> None:
    result = essai.apply("--timeout", "60")
    for name in ("intake", "routing", "notification", "analytics"):
        assert f"{name} is not running: it will get version 1 when it starts" in result.output


def test_two_at_once_store_two_versions(essai: Town) -> None:
    def store(name: str) -> int:
        files = townfolder.files(essai.slug, essai.user)
        files["town.yaml"]["name"] = name
        configuration = townfiles.load(townfolder.write(essai.folder / name, files))
        with psycopg.connect(essai.values["ROUTING_DATABASE_URL"]) as conn, unit_of_work(conn) as unit:
            return configuring.store(unit, configuration).version

    names = [f"N{n}" for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(store, names)) == list(range(1, 9))
    assert essai.rows("select version from town where town = %(town)s") == [(8,)]


def test_show_gives_a_program_what_the_services_get(essai: Town) -> None:
    essai.apply()
    shown = json.loads(essai.run("show", essai.slug, "--json").output)
    [(configuration,)] = essai.rows("select configuration from town where town = %(town)s")
    assert shown == configuration
    [street] = shown["categories"]
    assert set(street) == {"slug", "label", "active", "kinds", "children"}
    assert street["children"][0]["slug"] == "rue/trou"


def test_show_gives_people_a_tree(essai: Town) -> None:
    essai.files["categories.yaml"]["categories"][0]["children"].append(
        {"slug": "banc", "label": townfolder.both("Un banc"), "active": False}
    )
    essai.apply()
    lines = [line.split() for line in essai.run("show", essai.slug).output.splitlines()]
    assert ["rue", "La", "rue"] in lines
    assert ["rue/trou", "Un", "trou;", "problème"] in lines
    assert ["rue/banc", "Un", "banc;", "problème;", "retirée"] in lines
    assert [f"{essai.user}-desk", "agent;", "voirie"] in lines
    english = essai.run("show", essai.slug, "--language", "en").output
    assert "Un banc (en); problem; retired\n" in english


def test_show_of_an_unknown_town_names_those_there_are(essai: Town) -> None:
    essai.apply()
    result = essai.run("show", "nowhere")
    assert result.exit_code == 1
    assert "no town is called nowhere; there is: " in result.output
    assert essai.slug in result.output


@pytest.mark.parametrize("missing", ["ROUTING_DATABASE_URL", "ADMIN_API_URL", "INTAKE_WORKER_URL"])
def test_a_missing_setting_is_named_before_anything_is_stored(essai: Town, missing: str) -> None:
    result = essai.apply(**{missing: ""})
    assert result.exit_code == 1
    assert f"{missing} is not set" in result.output
    assert "password" not in result.output
    assert essai.rows("select 1 from town_version where town = %(town)s") == []
