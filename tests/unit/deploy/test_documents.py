"""What the documents say is there: links, commands, targets, files, settings, metrics, tables."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest

from deploy.local.paths import ROOT
from deploy.local.services import PROCESSES
from shared.cli import cli
from shared.contracts.registry import EVENTS
from shared.settings import SERVICES, WEBS
from tests.unit.deploy.files import ALL_SETTINGS, FOR_VIGIE, settings_of
from tests.unit.deploy.metrics import OF_ALL, OWN, defined

_FOLDERS = ("deploy", "services", "shared")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(p for folder in _FOLDERS for p in (ROOT / folder).rglob("*.md"))])
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in DOCUMENTS}

_LINK = re.compile(r"\[[^\]\[]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_WORD = re.compile(r"[a-z][a-z-]*")
_PATH = re.compile(r"(?:services|shared|deploy|tests)/[\w./@-]+")

each_document = pytest.mark.parametrize("name", TEXTS)


def code(name: str) -> list[str]:
    """The lines of a document's code spans and blocks."""
    return [line for span in _CODE.findall(TEXTS[name]) for line in span.strip("`").splitlines()]


@pytest.fixture(scope="module")
def vigie() -> click.Group:
    """The operator's command with every subcommand."""
    for entry in entry_points(group="vigie.commands"):
        entry.load()(cli)
    return cli


def test_all_are_looked_at() -> None:
    needed = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "deploy/runbooks/README.md"}
    assert needed | {f"services/{name}/README.md" for name in SERVICES} <= set(TEXTS)


@each_document
def test_links_lead_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    targets = list(_LINK.findall(_CODE.sub("", TEXTS[name])) + _linked_code(name))
    local = [target.split("#")[0] for target in targets if "://" not in target and not target.startswith("#")]
    assert [target for target in local if not (folder / target).exists()] == []


def _linked_code(name: str) -> list[str]:
    """Links whose text is code."""
    return re.findall(r"\[`[^`]+`\]\(([^)\s]+)\)", TEXTS[name])


@each_document
def test_no_address_of_elsewhere(name: str) -> None:
    hosts = re.findall(r"[a-z]+://(?:[^@/\s]*@)?([\w.-]+)", TEXTS[name])
    allowed = {"127.0.0.1", "HOST", "ADDRESS", "host", "localhost"}
    assert [h for h in hosts if h not in allowed and not h.endswith("example.org")] == []


@each_document
def test_make_targets_are_there(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {target for line in code(name) for target in re.findall(r"^\s*make ([a-z][a-z-]*)", line)}
    assert named <= targets


@each_document
def test_commands_are_there(name: str, vigie: click.Group) -> None:
    for line in code(name):
        for arguments in _commands(line):
            _check(vigie, arguments, line)


def _commands(line: str) -> Iterator[list[str]]:
    """The arguments of each `vigie …` of a line of code; comments and what follows on it are cut off."""
    for found in re.finditer(r"(?:^|(?<!-p)[\s/(])vigie ((?!/|user)[^#|&;)…,]*)", line):
        text = found[1].split("  ")[0].replace("'", "").replace('"', "")
        yield shlex.split(text)


def _check(command: click.Command, arguments: list[str], line: str) -> None:
    for argument in arguments:
        if isinstance(command, click.Group) and _WORD.fullmatch(argument):
            assert argument in command.commands, f"no such command: {line}"
            command = command.commands[argument]
        elif argument.startswith("-") and argument not in ("-h", "--help"):
            options = {name for parameter in command.params for name in parameter.opts}
            assert argument.split("=")[0] in options, f"no such option: {line}"


@pytest.mark.parametrize("line", ["vigie parked lst", "vigie town apply DIR --agin", "vigie case show REF"])
def test_a_command_that_is_wrong_would_be_seen(line: str, vigie: click.Group) -> None:
    (arguments,) = _commands(f".venv/bin/{line}  # a comment")
    with pytest.raises(AssertionError):
        _check(vigie, arguments, line)


def test_every_command_is_in_the_readme(vigie: click.Group) -> None:
    said = " ".join(code("README.md"))
    for group_name, group in vigie.commands.items():
        for sub in group.commands if isinstance(group, click.Group) else ():
            assert f"vigie {group_name} " in said, group_name
            assert re.search(rf"\b{sub}\b", said), f"vigie {group_name} {sub}"


@each_document
def test_named_files_are_there(name: str) -> None:
    named = {path.rstrip(".") for line in code(name) for path in _PATH.findall(line)}
    kept = {path for path in named if not re.search(r"NAME|NNNN|ma-ville|thing\.happened|\.\.", path)}
    assert sorted(path for path in kept if not (ROOT / path).exists()) == []


@each_document
def test_metrics_are_there(name: str) -> None:
    known = set(defined())
    bare = {re.sub(r"_(total|bucket|sum|count)$", "", sample) for sample in known}
    said = set(re.findall(r"\b(vigie_[a-z_]+\*?)", "\n".join(code(name))))
    roles = {f"vigie_{service}" for service in SERVICES} | {f"vigie_{service}_web" for service in WEBS}
    families = {m for m in said if m.endswith("_*") and any(k.startswith(m[:-1]) for k in known)}
    assert said - known - bare - roles - families == set()


@each_document
def test_settings_are_there(name: str) -> None:
    said = set(
        re.findall(r"\b((?:" + "|".join(s.upper() for s in SERVICES) + r")_[A-Z0-9_]+)\b", TEXTS[name])
    )
    of_compose = {f"{s.upper()}_{kind}" for s in SERVICES for kind in ("AMQP_PASSWORD", "DATABASE_PASSWORD")}
    of_compose |= {f"{service.upper()}_WEB_DATABASE_PASSWORD" for service in WEBS}
    of_postgres = {f"{s.upper()}_PASSWORD" for s in SERVICES} | {f"{s.upper()}_WEB_PASSWORD" for s in WEBS}
    assert said <= ALL_SETTINGS | of_compose | of_postgres | {"NOTIFICATION_URL"}


@pytest.mark.parametrize("process", PROCESSES)
def test_every_setting_is_written_down(process: str) -> None:
    said = TEXTS[f"services/{PROCESSES[process].service}/README.md"] + TEXTS["shared/README.md"]
    own = {setting for setting in settings_of(process) if setting not in said}
    assert own == set()


def test_the_deployers_settings_are_written_down() -> None:
    assert all(name in TEXTS["shared/README.md"] for name in FOR_VIGIE)


@pytest.mark.parametrize("service", SERVICES)
def test_every_metric_is_written_down(service: str) -> None:
    texts: dict[str, tuple[str, ...]] = {TEXTS["shared/README.md"]: OF_ALL}
    if service in OWN:
        texts[TEXTS[f"services/{service}/README.md"]] = (OWN[service],)
    for text, modules in texts.items():
        names = {re.sub(r"_(bucket|sum|count)$", "", sample) for sample in defined(*modules)}
        assert {name for name in names if not re.search(rf"`{name}[`{{]", text)} == set()


@pytest.mark.parametrize("service", SERVICES)
def test_service_pages_are_alike(service: str) -> None:
    text = TEXTS[f"services/{service}/README.md"]
    parts = [
        text.find(part) for part in ("**Owns**", "**Takes**", "**Publishes**", "## Settings", "## Metrics")
    ]
    assert parts == sorted(parts)
    assert parts[0] > 0
    assert text.index("## When it is red") > parts[-1]


def _tables(*folders: Path) -> set[str]:
    files = [file for folder in folders for file in folder.glob("*.sql")]
    return {t for file in files for t in re.findall(r"^create table (\w+)", file.read_text(), re.MULTILINE)}


@pytest.mark.parametrize("service", SERVICES)
def test_every_table_is_written_down(service: str) -> None:
    owns = TEXTS[f"services/{service}/README.md"].split("**Takes**")[0]
    tables = _tables(ROOT / "services" / service / "store/migrations", ROOT / "shared/db/migrations")
    assert {table for table in tables if f"`{table}`" not in owns} == set()


def test_every_dependency_is_in_the_architecture() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [re.split(r"[=><\[]", requirement)[0].lower() for requirement in project["dependencies"]]
    table = TEXTS["ARCHITECTURE.md"].partition("## Dependencies")[2].lower()
    assert [name for name in names if not re.search(rf"\b{re.escape(name)}\b", table)] == []


def test_every_event_is_in_the_architecture() -> None:
    text = TEXTS["ARCHITECTURE.md"]
    names = {kind.rsplit(".", 1)[0] for kind in EVENTS}
    missing = {n for n in names if n not in text and f".{n.split('.')[1]}" not in text}
    assert missing == set()
