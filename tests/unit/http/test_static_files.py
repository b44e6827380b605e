"""Static files: kept for ever under a name that changes with them, for an hour under their own."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from werkzeug.test import Client

from shared.web import StaticFiles, create_app

FILES = {"site.css": b"body {}", "vendor/map/map.js": b"export {}", "mark.svg": b"<svg/>"}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with static files, and nothing else."""
    folder = tmp_path / "with_static_files"
    for name, body in {**FILES, "../__init__.py": b""}.items():
        file = folder / "static" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, folder.name, raising=False)
    return folder.name


def _client(files: StaticFiles) -> Client:
    return Client(create_app(files.blueprint()))


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("site.css", "text/css; charset=utf-8"),
        ("vendor/map/map.js", "text/javascript; charset=utf-8"),
        ("mark.svg", "image/svg+xml"),
    ],
)
def test_a_file_is_shown_under_both_of_its_names(package: str, name: str, media_type: str) -> None:
    files = StaticFiles(package)
    client = _client(files)
    for path, caching in (
        (files.url(name), "public, max-age=31536000, immutable"),
        (f"/static/{name}", "public, max-age=3600"),
    ):
        response = client.get(path)
        assert (response.status_code, response.data) == (200, FILES[name])
        assert (response.content_type, response.headers["Cache-Control"]) == (media_type, caching)


def test_the_name_changes_with_the_content_and_with_nothing_else(package: str, tmp_path: Path) -> None:
    before = StaticFiles(package)
    assert re.fullmatch(r"/static/vendor/map/map\.[0-9a-f]{12}\.js", before.url("vendor/map/map.js"))
    (tmp_path / package / "static" / "site.css").write_text("body { margin: 0 }")
    after = StaticFiles(package)
    assert before.url("site.css") != after.url("site.css")
    assert before.url("mark.svg") == after.url("mark.svg")


def test_what_a_browser_has_is_not_sent_again(package: str) -> None:
    client = _client(StaticFiles(package))
    tag = client.get("/static/site.css").headers["ETag"]
    again = client.get("/static/site.css", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path", ["none.css", "", "site.0123456789ab.css", "../__init__.py", "%2e%2e/__init__.py", "/etc/passwd"]
)
def test_nothing_else_is_shown(package: str, path: str) -> None:
    assert _client(StaticFiles(package)).get(f"/static/{path}").status_code == 404


def test_of_two_files_of_one_name_the_later_packages_is_shown(package: str, tmp_path: Path) -> None:
    (tmp_path / package / "static" / "vigie.css").write_text("html {}")
    files = StaticFiles("shared.web", package)
    assert _client(files).get(files.url("vigie.css")).data == b"html {}"
    assert _client(files).get(files.url("site.css")).data == FILES["site.css"]


def test_an_unknown_name_is_a_mistake_in_a_template(package: str) -> None:
    with pytest.raises(KeyError):
        StaticFiles(package).url("suivi.css")
