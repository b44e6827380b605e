"""The files in a town's folder: those that are to be there, and those that nobody would read."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from services.routing.townfiles.contents import text_of
from services.routing.townfiles.marked import Marked, Mistake, Unreadable, parse
from services.routing.townfiles.schemas import FILES
from shared.l10n.spoken import words_of

_ = words_of("services.routing")


def read_files(directory: Path) -> tuple[dict[str, Marked], list[Mistake], set[str]]:
    """What could be read, by name; what is wrong; and the names of files of which that has told already."""
    there = _names(directory)
    strangers = dict(_strangers(there))
    files, mistakes = {}, [_unread(name, meant) for name, meant in strangers.items()]
    told = {meant for meant in strangers.values() if meant}
    areas = sorted(name for name in there if name.startswith("areas/") and name.endswith(".geojson"))
    for name in [name for name in (*FILES, *areas) if name not in told]:
        try:
            files[name] = _read(directory, name)
        except Unreadable as error:
            mistakes.append(error.mistake)
            told.add(name)
    return files, mistakes, told


def _read(directory: Path, name: str) -> Marked:
    text = text_of(directory, name)
    # JSON may be indented with tabs, YAML may not.
    return parse(text.replace("\t", " ") if name.endswith(".geojson") else text, name)


def _names(directory: Path) -> set[str]:
    """What lies in the folder, and in its `areas`."""
    return {*_listed(directory), *(f"areas/{name}" for name in _listed(directory / "areas"))}


def _listed(directory: Path) -> list[str]:
    try:
        return [path.name for path in directory.iterdir()]
    except OSError:  # Not there, or no folder: what lacks then is told file by file.
        return []


def _strangers(there: set[str]) -> Iterator[tuple[str, str]]:
    """Files whose names are not read, and what each should be called: "" where that file is there already."""
    for name in sorted(there):
        folder, _, base = name.rpartition("/")
        ending = Path(base).suffix.lower()
        if folder == "areas" and ending in (".geojson", ".json") and not base.endswith(".geojson"):
            meant = f"areas/{Path(base).stem}.geojson"
            yield name, "" if meant in there else meant
        elif not folder and ending in (".yaml", ".yml") and name not in FILES:
            missing = [file for file in FILES if file not in there]
            yield name, next(iter(get_close_matches(Path(base).stem + ".yaml", missing, 1)), "")


def _unread(name: str, meant: str) -> Mistake:
    hint = _("call it {name}", name=meant) if meant else _("remove it")
    return Mistake(name, 1, _("no file of a town is called so"), hint)
