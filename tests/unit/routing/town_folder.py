"""A town's folder to make mistakes in."""

from pathlib import Path

import pytest

from services.routing.townfiles import TownFilesError, load

TOWNS = Path(__file__).parents[3] / "deploy" / "towns"


def edit(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first `old`; the number of the line where it was."""
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def errors(folder: Path) -> list[str]:
    """The mistakes that are told of it; fails where there is none."""
    with pytest.raises(TownFilesError) as raised:
        load(folder)
    return [str(problem) for problem in raised.value.mistakes]
