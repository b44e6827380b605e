"""Whatever is in a town's files, they are read or refused with a place: never a traceback."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.routing.townfiles import Reading, read_town
from services.routing.townfiles.marked import Unreadable, parse

TOWN = Path(__file__).parents[3] / "deploy" / "towns" / "exemple-sur-bievre"
FILES = {
    str(path.relative_to(TOWN)): path.read_text()
    for path in sorted(TOWN.rglob("*"))
    if path.suffix in (".yaml", ".geojson")
}
ODD_TEXTS = (
    "",
    "no",
    "voirie",
    "voirie/nid-de-poule",
    "town",
    "R1",
    "C1",
    "24:00",
    "-1 working days",
    "é\u202e",
)
odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from(ODD_TEXTS),
    st.text(max_size=20),
    st.lists(st.integers(-200, 200), max_size=4),
    st.dictionaries(st.sampled_from(("fr", "en", "slug", "children")), st.just("x"), max_size=2),
)
slow = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _read(files: dict[str, str]) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
        return read_town(folder)


def _told(reading: Reading, files: dict[str, str]) -> None:
    assert (reading.configuration is None) == bool(reading.errors)
    for problem in reading.mistakes:
        assert problem.file in files
        assert 1 <= problem.line <= files[problem.file].count("\n") + 1
        assert problem.message


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [path, *(p for key, item in value.items() for p in _paths(item, (*path, key)))]
    if isinstance(value, list):
        return [path, *(p for index, item in enumerate(value) for p in _paths(item, (*path, index)))]
    return [path]


def _put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = _put(value[path[0]], path[1:], new)
    return changed


@slow
@given(st.sampled_from(sorted(FILES)), st.data())
def test_any_value_put_anywhere_is_told_or_accepted(name: str, data: st.DataObject) -> None:
    content = yaml.safe_load(FILES[name])
    path = data.draw(st.sampled_from(_paths(content)))
    changed = _put(content, path, data.draw(odd))
    text = json.dumps(changed) if name.endswith("json") else yaml.safe_dump(changed, allow_unicode=True)
    files = {**FILES, name: text}
    _told(_read(files), files)


@slow
@given(st.sampled_from(sorted(FILES)), st.data())
def test_any_slip_of_the_hand_is_told_or_accepted(name: str, data: st.DataObject) -> None:
    text = FILES[name]
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 12))
    typed = data.draw(st.text(alphabet="{}[]:,-'\"#&*!|>%@`\t\n ab12.\x00é", max_size=6))
    files = {**FILES, name: text[:start] + typed + text[start + length :]}
    _told(_read(files), files)


@pytest.mark.parametrize(
    "text",
    ["[" * 5_000, "{a: " * 3_000, "- " * 3_000, "[" * 60 + "]" * 60, "a: &x [*x]", "\ud800", "a: \x07"],
)
def test_what_breaks_parsers_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        parse(text, "rules.yaml")


def test_python_objects_are_never_made() -> None:
    files = {**FILES, "rules.yaml": "rules: !!python/object/apply:os.system ['exit 1']\n"}
    assert _read(files).configuration is None
