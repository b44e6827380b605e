"""A town's files, read and checked whole: every mistake at once, with file, line and what would be right.

A town's folder holds `town.yaml`, `categories.yaml`, `departments.yaml`, `authorities.yaml`,
`competence.yaml`, `rules.yaml`, `delays.yaml`, `tools.yaml` and one `areas/<layer>.geojson` for each layer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.routing.domain.town import TownConfiguration
from services.routing.townfiles import folder, geojson, maps, references, sense, shapes
from services.routing.townfiles.build import build
from services.routing.townfiles.marked import Marked, Mistake
from services.routing.townfiles.schemas import FILES, LayerFile

__all__ = ["Mistake", "Reading", "TownFilesError", "load", "read_town"]


class TownFilesError(Exception):
    """The town's files are wrong; `mistakes` says how, in the order of files and lines."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = list(mistakes)


@dataclass(frozen=True)
class Reading:
    """What the files hold: a configuration unless there are errors, and all mistakes, warnings included."""

    configuration: TownConfiguration | None
    mistakes: tuple[Mistake, ...]

    @property
    def errors(self) -> tuple[Mistake, ...]:
        return tuple(mistake for mistake in self.mistakes if mistake.severity == "error")

    @property
    def warnings(self) -> tuple[Mistake, ...]:
        return tuple(mistake for mistake in self.mistakes if mistake.severity == "warning")


def load(directory: Path | str) -> TownConfiguration:
    """The configuration in a town's folder, its version 0. Raises TownFilesError; warnings pass."""
    reading = read_town(directory)
    if reading.configuration is None:
        raise TownFilesError(reading.errors)
    return reading.configuration


def read_town(directory: Path | str) -> Reading:
    """The configuration and every mistake. Raises nothing for any content of the files."""
    files, mistakes, unreadable = folder.read_files(Path(directory))
    files, warnings = _tidied(files)
    for name, marked in files.items():
        mistakes += shapes.check(marked, _schema(name))
    mistakes += references.check(files, unreadable)
    mistakes += maps.check(files)
    if mistakes:
        return Reading(None, _in_order([*mistakes, *warnings]))
    configuration = build({name: _loaded(name, marked) for name, marked in files.items()})
    found = list(sense.check(configuration, files))
    wrong = any(mistake.severity == "error" for mistake in found)
    return Reading(None if wrong else configuration, _in_order([*found, *warnings]))


def _tidied(files: Mapping[str, Marked]) -> tuple[dict[str, Marked], list[Mistake]]:
    """The files, the layers without what no area needs; and a warning of that."""
    layers = {name: geojson.tidied(files[name]) for name in files if name.startswith("areas/")}
    kept = {name: layer for name, (layer, _) in layers.items()}
    return {**files, **kept}, [warning for _, warnings in layers.values() for warning in warnings]


def _schema(name: str) -> Any:
    return FILES.get(name, LayerFile)()


def _loaded(name: str, marked: Marked) -> Any:
    return _schema(name).load(marked.data)


def _in_order(mistakes: Sequence[Mistake]) -> tuple[Mistake, ...]:
    return tuple(sorted(set(mistakes)))
