"""Settings come from the environment; a missing one is said by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared import settings

ENVIRON = {
    "INTAKE_WORKER_URL": "http://worker.example.org/",
    "INTAKE_AMQP_URL": "amqp://vigie%2Dintake:p%40ss@broker/vigie",
    "INTAKE_DATABASE_URL": "postgresql://x",
}


def test_the_defaults_and_what_follows_from_addresses() -> None:
    found = settings.service_settings("intake", ENVIRON)
    assert found.listen == ("worker.example.org", 80)
    assert found.user == "vigie-intake"
    assert found.retry_delays == (1, 3, 9, 27, 81)
    assert (found.batch_size, found.batch_spacing) == (500, 0.015)


def test_an_address_to_listen_on_may_differ() -> None:
    found = settings.service_settings("intake", ENVIRON | {"INTAKE_WORKER_LISTEN": "0.0.0.0:8001"})
    assert found.listen == ("0.0.0.0", 8001)


@pytest.mark.parametrize("name", ENVIRON)
def test_a_missing_one_is_said_by_name(name: str) -> None:
    for environ in ({k: v for k, v in ENVIRON.items() if k != name}, ENVIRON | {name: ""}):
        with pytest.raises(settings.SettingMissing, match=f"^{name} is not set"):
            settings.service_settings("intake", environ)


WEB = {"INTAKE_URL": "https://vigie.example.org/intake/", "INTAKE_WEB_DATABASE_URL": "postgresql://y"}


def test_a_web_process_has_an_address_and_a_database_role_of_its_own() -> None:
    found = settings.web_settings("intake", ENVIRON | WEB)
    assert (found.listen, found.database_url) == (("vigie.example.org", 80), "postgresql://y")
    found = settings.web_settings("intake", WEB | {"INTAKE_LISTEN": "0.0.0.0:8001"})
    assert found.listen == ("0.0.0.0", 8001)


@pytest.mark.parametrize("name", WEB)
def test_what_a_web_process_misses_is_said_by_name(name: str) -> None:
    with pytest.raises(settings.SettingMissing, match=f"^{name} is not set"):
        settings.web_settings("intake", ENVIRON | WEB | {name: ""})


@pytest.mark.parametrize(("value", "on"), [("on", True), ("off", False), ("yes", False)])
def test_a_switch(value: str, on: bool) -> None:
    assert settings.switch("MAIL", True, {"MAIL": value}) is on
    assert settings.switch("MAIL", not on, {}) is not on


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "connections.env"
    file.write_text("# a comment\nHERE=file\nNEW='quoted=1'\nno line\n")
    monkeypatch.setenv("HERE", "environment")
    monkeypatch.setenv("NEW", "so that it is removed again")
    monkeypatch.delenv("NEW")
    settings.load_connections(file)
    assert (settings.required("HERE"), settings.required("NEW")) == ("environment", "quoted=1")
    settings.load_connections(tmp_path / "none")
