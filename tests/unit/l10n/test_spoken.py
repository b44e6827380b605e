"""`vigie` speaks one language, the one of the environment: all of it has its French."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from string import Formatter

import pytest

from deploy.local import paths
from services.routing.townfiles import read_town
from shared.l10n.catalogues import catalogue
from shared.l10n.spoken import of_environment, speaking, spoken, words_of
from tests.unit.l10n.spoken_texts import PACKAGES, ROOT, said
from tests.unit.routing.town_folder import TOWNS

_SHARED = {message.id for message in catalogue("shared", "vigie", "fr") if message.id}
_CATALOGUES = [(package, "vigie") for package in PACKAGES] + [("shared", "click")]


@pytest.mark.parametrize("package", PACKAGES)
def test_everything_that_is_said_has_its_french_and_nothing_else(package: str) -> None:
    own = {message.id for message in catalogue(package, "vigie", "fr") if message.id}
    if package == "shared":
        used = set.union(*(said(name) for name in PACKAGES))
        assert said(package) <= own <= used
    else:
        assert own == said(package) - _SHARED


@pytest.mark.parametrize(("package", "domain"), _CATALOGUES)
def test_the_french_has_the_same_placeholders_and_no_space_where_a_line_may_break(
    package: str, domain: str
) -> None:
    for message in catalogue(package, domain, "fr"):
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        french = message.string if isinstance(message.string, tuple) else (message.string,)
        for english, text in zip(texts, french, strict=True):
            assert text or not english
            assert _fields(text) <= _fields(english), english
            assert not re.search(r" [:;?!»]|« ", text), english


def _fields(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name}
    except ValueError:  # braces that are no placeholders: it is said as it stands
        return set()


def test_click_has_the_texts_that_we_translate() -> None:
    origin = find_spec("click")
    assert origin is not None
    assert origin.origin is not None
    sources = (path.read_text() for path in Path(origin.origin).parent.glob("*.py"))
    written = {text for source in sources for text in _constants(ast.parse(source))}
    for message in catalogue("shared", "click", "fr"):
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        assert {text for text in texts if text} <= written


def _constants(tree: ast.Module) -> Iterator[str]:
    yield from (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))


_SAYING = ("ClickException", "UsageError", "ValidationError", "BrokerError", "Problem", "problem", "warning")
_HELD = {"message", "hint", "text", "wrong", "said"}
_WHERE = ("services/*/commands", "services/routing/townfiles", "shared/commands")
_FILES = (
    "services/*/commands.py",
    "services/*/*/commands.py",
    "shared/*/commands.py",
    "shared/messaging/deployer.py",
)


def test_no_error_is_said_in_english_alone() -> None:
    paths_ = [path for folder in _WHERE for path in ROOT.glob(f"{folder}/**/*.py")]
    paths_ += [path for name in _FILES for path in ROOT.glob(name)]
    for path in paths_:
        for text in _said(ast.parse(path.read_text())):
            assert not _is_english(text), f"{path}:{text.lineno}"


def _said(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield from node.args if name in _SAYING else ()
        elif isinstance(node, ast.Assign):
            names = {name.id for name in node.targets if isinstance(name, ast.Name)}
            yield from [node.value] if names & _HELD else ()


def _is_english(argument: ast.expr) -> bool:
    parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    return any(isinstance(p, ast.Constant) and " " in str(p.value).strip() for p in parts)


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr"}, "fr"),
        ({"LANG": "fr_CA.ISO-8859-1@euro"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "fr_FR.UTF-8", "LC_MESSAGES": "en_US.UTF-8", "LANG": "de"}, "fr"),
        ({"LC_ALL": "", "LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, None),
        ({"LANG": "C.UTF-8"}, None),
        ({"LANG": "POSIX"}, None),
        ({}, None),
    ],
)
def test_the_language_is_the_one_that_the_locale_names(environ: dict[str, str], language: str | None) -> None:
    assert of_environment(environ) == language


def test_english_is_spoken_until_another_is_chosen_and_again_after() -> None:
    say = words_of("services.routing")
    with speaking("fr"):
        assert spoken() == "fr"
        assert say("unknown field '{name}'", name="lable") == "champ inconnu « lable »".replace(
            "« ", "«\u00a0"
        ).replace(" »", "\u00a0»")
        assert say("none") == "aucun"
        assert say("what nobody has translated") == "what nobody has translated"
    assert say("unknown field '{name}'", name="lable") == "unknown field 'lable'"


def test_mistakes_in_a_town_s_files_are_told_in_french(tmp_path: Path) -> None:
    for path in (TOWNS / "exemple-sur-bievre").glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text().replace("department: voirie", "department: voiri"))
    with speaking("fr"):
        told = [
            str(problem).replace("\u00a0", " ").replace("\u202f", " ")
            for problem in read_town(tmp_path).errors
        ]
    assert "rules.yaml:2: service « voiri » : nom inconnu ; vouliez-vous dire « voirie » ?" in told
    assert "competence.yaml:3: la couche « routes » n’a pas de lieux ; écrivez areas/routes.geojson" in told


def _vigie(language: str, *arguments: str) -> str:
    environ = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LC_MESSAGES")}
    nowhere = {"LANG": language, "VIGIE_CONNECTIONS": "/dev/null", "ROUTING_DATABASE_URL": ""}
    command = [str(paths.VENV / "bin" / "vigie"), *arguments]
    done = subprocess.run(command, env=environ | nowhere, capture_output=True, text=True, check=False)
    return re.sub(r"[\u00a0\u202f]", " ", done.stdout + done.stderr)


@pytest.mark.parametrize(
    ("arguments", "french", "english"),
    [
        (["-h"], "Configure une ville, montre un", "Set up a town, look at a report"),
        (["report", "list", "-h"], "Usage : vigie report list [OPTIONS] VILLE", "list [OPTIONS] TOWN"),
        (["town", "-h"], "Commandes :", "Commands:"),
        (["town", "show"], "Erreur : Il manque l’argument 'VILLE'.", "Error: Missing argument 'TOWN'."),
        (["town", "show", "--jsn"], "Aucune option '--jsn'. Vouliez-", "No such option '--jsn'. Did you"),
        (["twon"], "Aucune commande 'twon'.", "No such command 'twon'."),
        (["events", "resend", "--since", "x"], "--since x : écrivez", "--since x: write"),
        (["town", "apply", "/nowhere"], "'/nowhere' : n’existe pas.", "'/nowhere' does not exist."),
        (["report", "list", "x", "--state", "y"], "'y' n’est pas parmi 'op", "'y' is not one of 'op"),
        (["report", "show", "x"], "Erreur : « x » n’est pas une réf", "Error: 'x' is no reference"),
        (["routing", "explain", "GEN7K3M9QX2"], "_URL n’est pas donné", "ROUTING_DATABASE_URL is not set"),
    ],
)
def test_the_command_speaks_one_language(arguments: list[str], french: str, english: str) -> None:
    assert french in _vigie("fr_FR.UTF-8", *arguments)
    assert english in _vigie("en_GB.UTF-8", *arguments)


def test_where_the_locale_names_no_language_it_is_english() -> None:
    assert "Error: Missing argument 'TOWN'." in _vigie("C.UTF-8", "town", "show")


def test_the_language_that_is_asked_for_holds_for_errors_too() -> None:
    assert "Erreur : « x » n’est pas une référence" in _vigie(
        "C", "routing", "explain", "x", "--language", "fr"
    )
