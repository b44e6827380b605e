"""Settings come from the environment; a missing one is said by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared import settings

ENVIRON = {
    "INTAKE_URL": "https://vigie.example.org/intake/",
    "INTAKE_AMQP_URL": "amqp://vigie%2Dintake:p%40ss@broker/vigie",
    "INTAKE_DATABASE_URL": "postgresql://x",
}


def test_the_defaults_and_what_follows_from_addresses() -> None:
    found = settings.service_settings("intake", ENVIRON)
    assert (found.url, found.listen) == ("https://vigie.example.org/intake", ("vigie.example.org", 80))
    assert found.user == "vigie-intake"
    assert found.retry_delays == (1, 3, 9, 27, 81)
    assert (found.batch_size, found.batch_spacing) == (500, 0.015)


def test_an_address_to_listen_on_may_differ() -> None:
    found = settings.service_settings("intake", ENVIRON | {"INTAKE_LISTEN": "0.0.0.0:8001"})
    assert found.listen == ("0.0.0.0", 8001)


@pytest.mark.parametrize("name", ENVIRON)
def test_a_missing_one_is_said_by_name(name: str) -> None:
    for environ in ({k: v for k, v in ENVIRON.items() if k != name}, ENVIRON | {name: ""}):
        with pytest.raises(settings.SettingMissing, match=f"^{name} is not set"):
            settings.service_settings("intake", environ)


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
