"""Only regular files inside a town's folder are read, and their characters are whole."""

import os
import socket
from pathlib import Path

import pytest

from services.routing.townfiles import load
from services.routing.townfiles.contents import LARGEST
from tests.unit.routing.town_folder import edit, errors

OUTLINE = "areas/commune.geojson"


@pytest.mark.parametrize("file", ["rules.yaml", "town.yaml", OUTLINE])
def test_a_pipe_is_told_and_not_waited_for(folder: Path, file: str) -> None:
    (folder / file).unlink()
    os.mkfifo(folder / file)
    assert f"{file}:1: a pipe, where a file should be; put a plain file there" in errors(folder)


@pytest.mark.parametrize("file", ["rules.yaml", OUTLINE])
def test_a_folder_or_a_socket_is_told(folder: Path, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / file).unlink()
    (folder / file).mkdir()
    assert f"{file}:1: a folder, where a file should be; put a plain file there" in errors(folder)
    (folder / file).rmdir()
    monkeypatch.chdir((folder / file).parent)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(Path(file).name)
        assert f"{file}:1: a socket, where a file should be; put a plain file there" in errors(folder)


@pytest.mark.parametrize("target", ["/dev/zero", "/etc/hostname", "../elsewhere.yaml"])
@pytest.mark.parametrize("file", ["rules.yaml", OUTLINE])
def test_a_link_out_of_the_folder_is_told_and_not_followed(folder: Path, file: str, target: str) -> None:
    (folder.parent / "elsewhere.yaml").write_text("rules: []\n")
    (folder / file).unlink()
    (folder / file).symlink_to(target if target.startswith("/") else folder.parent / "elsewhere.yaml")
    told = f"{file}:1: a link that leads out of the town's folder; put the file itself there"
    assert told in errors(folder)


def test_a_link_to_areas_elsewhere_is_told(folder: Path) -> None:
    (folder / "areas").rename(folder.parent / "areas")
    (folder / "areas").symlink_to(folder.parent / "areas")
    assert len([told for told in errors(folder) if "leads out of the town's folder" in told]) == 2


@pytest.mark.parametrize("target", ["nowhere", "rules.yaml"])
def test_a_link_to_nothing_or_to_itself_is_told(folder: Path, target: str) -> None:
    (folder / "rules.yaml").unlink()
    (folder / "rules.yaml").symlink_to(target)
    [told] = errors(folder)
    assert told.startswith("rules.yaml:1: ")
    assert "a link that leads nowhere" in told or "cannot be read: " in told


def test_a_link_inside_the_folder_is_followed_as_configuration_maps_have_it(folder: Path) -> None:
    (folder / "..data").mkdir()
    (folder / "rules.yaml").rename(folder / "..data" / "rules.yaml")
    (folder / "rules.yaml").symlink_to("..data/rules.yaml")
    (folder.parent / "link").symlink_to(folder)
    assert load(folder.parent / "link").rules == load(folder).rules


@pytest.mark.parametrize("file", ["rules.yaml", OUTLINE])
def test_a_file_that_is_too_large_is_told(folder: Path, file: str) -> None:
    with (folder / file).open("ab") as text:
        text.truncate(LARGEST + 1)
    [told] = errors(folder)
    assert told.startswith(f"{file}:1: larger than 2 MiB; leave out what the town does not need")


@pytest.mark.parametrize(
    ("file", "old"),
    [
        ("town.yaml", "Exemple-sur-Bièvre"),
        ("departments.yaml", "Voirie"),
        (OUTLINE, '"fr": "'),
    ],
)
def test_a_pair_as_json_writes_it_is_one_character(folder: Path, file: str, old: str) -> None:
    new = (
        '"\\ud83c\\udf33 \\u00e9\\\n  \\ud83c\\udf33"' if file.endswith(".yaml") else '"fr": "\\ud83c\\udf33'
    )
    edit(folder, file, old, new)
    configuration = load(folder)
    found = {
        "town.yaml": configuration.name,
        "departments.yaml": configuration.departments[0].label.fr,
        OUTLINE: next(area for area in configuration.areas if area.layer == "commune").label.fr,
    }[file]
    assert found.startswith("🌳")
    assert found.encode()


@pytest.mark.parametrize(
    ("escape", "says"),
    [
        ("\\ud83c", "half a character; write both, as in \\ud83c\\udf33"),
        ("\\udf33\\ud83c", "half a character; write both, as in \\ud83c\\udf33"),
        ("\\ud83c \\udf33", "half a character; write both, as in \\ud83c\\udf33"),
        ("\\U0000d83c", "half a character; write both, as in \\ud83c\\udf33"),
        ("\\U00110000", "no such character; the last is \\U0010FFFF"),
        ("\\UFFFFFFFF", "no such character; the last is \\U0010FFFF"),
        ("\\U80000000", "no such character; the last is \\U0010FFFF"),
    ],
)
@pytest.mark.parametrize("file", ["departments.yaml", "categories.yaml", OUTLINE])
def test_what_is_no_character_is_a_mistake_with_its_line(
    folder: Path, file: str, escape: str, says: str
) -> None:
    old = '"fr": "' if file == OUTLINE else "fr: "
    line = edit(folder, file, old, f'"fr": "{escape}' if file == OUTLINE else f'fr: "{escape}", x: ')
    assert f"{file}:{line}: {says}" in errors(folder)


def test_what_is_no_character_in_a_name_of_a_field_is_a_mistake(folder: Path) -> None:
    line = edit(folder, "town.yaml", "kinds:", 'facts: {"\\ud83c": x}\nkinds:')
    assert errors(folder) == [f"town.yaml:{line}: half a character; write both, as in \\ud83c\\udf33"]


def test_a_number_of_yaml_s_own_that_is_too_long_is_no_traceback(folder: Path) -> None:
    (folder / "rules.yaml").write_text(f"%YAML {'9' * 5000}.1\n---\nrules: []\n")
    assert errors(folder) == ["rules.yaml:1: not YAML; see what is odd in this line"]
