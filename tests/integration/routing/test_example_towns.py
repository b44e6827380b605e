"""The two example towns on one broker: each is set up from its files, and neither reaches the other."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deploy.local import paths
from services.routing.commands.town import town
from shared.amqp.management import Management
from shared.messaging import deployer
from tests.integration.broker.client import Place, answer_to, connected, listen, receive, send
from tests.support.ground import Ground

FOLDERS = {"gentilly": "gentilly", "exemple": "exemple-sur-bievre"}
TOWNS = tuple(FOLDERS)


class Towns:
    """Both towns, set up on `ground` with users that nobody else has."""

    def __init__(self, ground: Ground, folder: Path) -> None:
        broker = deployer.Broker(ground.values["ADMIN_AMQP_URL"], ground.values["ADMIN_API_URL"])
        self.place = Place(broker, secrets.token_hex(4), secrets.token_urlsafe(12))
        self._values = ground.values
        self.folders = {slug: self._renamed(slug, folder / slug) for slug in TOWNS}

    def run(self, *arguments: str) -> Result:
        """`vigie town …`."""
        users = [user for folder in self.folders.values() for user in _users(folder)]
        passwords = {deployer.password_setting(user): self.place.password for user in users}
        return CliRunner().invoke(town, arguments, env={**self._values, **passwords})

    def remove(self) -> None:
        """Delete the users."""
        with Management(self._values["ADMIN_API_URL"]) as api:
            for folder in self.folders.values():
                for user in _users(folder):
                    api.delete("users", user)

    def _renamed(self, slug: str, folder: Path) -> Path:
        shutil.copytree(paths.ROOT / "deploy" / "towns" / FOLDERS[slug], folder)
        users = _users(folder)
        for name in ("tools.yaml", "rules.yaml"):
            text = (folder / name).read_text()
            for user in users:
                text = re.sub(rf"\b{user}\b", self.place.user(user), text)
            (folder / name).write_text(text)
        return folder


def _users(folder: Path) -> list[str]:
    return re.findall(r"user: ([a-z0-9-]+)", (folder / "tools.yaml").read_text())


@pytest.fixture(scope="module")
def both(empty: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    """The two towns, set up one after the other."""
    towns = Towns(empty, tmp_path_factory.mktemp("towns"))
    try:
        for slug, folder in towns.folders.items():
            result = towns.run("apply", str(folder))
            assert result.exit_code == 0, result.output
            assert f"{slug}: version 1 (new)" in result.output
        yield towns
    finally:
        towns.remove()


def test_each_shows_its_own_set_up(both: Towns) -> None:
    shown = {slug: json.loads(both.run("show", slug, "--json").output) for slug in TOWNS}
    for slug, configuration in shown.items():
        assert configuration["slug"] == slug
        assert {tool["user"] for tool in configuration["tools"]} == set(_users(both.folders[slug]))


def test_applying_one_again_leaves_the_other_as_it_is(both: Towns) -> None:
    before = both.run("show", "gentilly", "--json").output
    result = both.run("apply", str(both.folders["exemple"]))
    assert "exemple: version 1 (unchanged)" in result.output
    assert both.run("show", "gentilly", "--json").output == before


@pytest.mark.parametrize(("own", "other"), [TOWNS, TOWNS[::-1]])
def test_neither_reaches_the_other(both: Towns, own: str, other: str) -> None:
    front, agent = both.place.login(f"{own}-web"), both.place.login(f"{own}-voirie")
    assert answer_to(both.place, front, send("citizen.in", f"{own}.submission")) is None
    assert answer_to(both.place, front, send("citizen.in", f"{other}.submission")) == 403
    assert answer_to(both.place, agent, send("desk.in", f"{own}.voirie")) is None
    assert answer_to(both.place, agent, send("desk.in", f"{other}.voirie")) == 403
    assert answer_to(both.place, agent, listen(f"desk.{own}.voirie")) is None
    assert answer_to(both.place, agent, listen(f"desk.{other}.voirie")) == 403


def test_each_desk_gets_its_own_cases(both: Towns) -> None:
    admin = deployer.Login.of(both.place.broker.amqp_url)
    for slug in TOWNS:
        assert answer_to(both.place, admin, send("desk", f"{slug}.voirie", slug.encode())) is None
    for slug in TOWNS:
        with connected(both.place, both.place.login(f"{slug}-voirie")) as connection:
            [(_, _, body)] = receive(connection.channel(), f"desk.{slug}.voirie", 1)
        assert body == slug.encode()
