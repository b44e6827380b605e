"""`vigie town suggest`, `vigie intake learn` and `/<town>/rubriques`: one use case, on what intake has."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import click
import orjson
import psycopg
import pytest
from click.testing import CliRunner, Result

from services.intake.commands.suggesting import learn, suggest
from services.intake.domain.learning import PEOPLE
from services.intake.web.suggestions import SuggestionViews
from services.routing import townfiles
from services.routing.domain import to_event_data
from shared import db, towns
from shared.web import create_app
from tests.support.system import GENTILLY

REPORT = """
    insert into report (town, id, reference, citizen_id, kind, category, language, description, answers,
                        share_contact, sender, submitted_at)
    values ('gentilly', %(id)s, %(reference)s, %(citizen)s, 'problem', %(category)s, 'fr', %(text)s, '{}',
            false, 'web', now())"""


@pytest.fixture
def intake(database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> str:
    """A database that knows Gentilly."""
    url = database("intake")
    monkeypatch.setenv("INTAKE_DATABASE_URL", url)
    with psycopg.connect(url) as conn:
        towns.keep(conn, "gentilly", to_event_data(townfiles.load(GENTILLY), 1))
    return url


def run(command: click.Command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def _write(url: str, people: int, category: str, text: str) -> None:
    with psycopg.connect(url) as conn:
        for number in range(people):
            row = {"id": uuid.uuid4(), "reference": f"GEN-0000-{number:04}", "citizen": uuid.uuid4()}
            conn.execute(REPORT, {**row, "category": category, "text": text})


def test_a_command_says_what_words_may_mean(intake: str) -> None:
    found = orjson.loads(run(suggest, "gentilly", "un matelas devant chez moi", "--json").stdout)
    assert found[0] == {
        "category": "proprete/encombrants",
        "label": found[0]["label"],
        "score": found[0]["score"],
        "because": ["matelas"],
    }
    spoken = run(suggest, "gentilly", "un matelas", "--language", "en").stdout
    assert "Abandoned furniture and bulky items  (matelas)" in spoken
    assert run(suggest, "nulle-part", "un matelas").exit_code == 1


def test_a_program_gets_the_same_over_http(intake: str) -> None:
    with db.open_pool(intake, "test") as pool:
        client = create_app(SuggestionViews(pool).blueprint()).test_client()
        said = client.get("/gentilly/rubriques?q=un+matelas+devant+chez+moi&lang=en")
        told = run(suggest, "gentilly", "un matelas devant chez moi", "--json", "--language", "en").stdout
        assert said.get_json() == orjson.loads(told)
        assert client.get("/gentilly/rubriques?q=%20").status_code == 400
        assert client.get("/gentilly/rubriques").get_json()["code"] == "required"
        assert client.get("/ailleurs/rubriques?q=matelas").status_code == 404
        assert client.get("/gentilly/rubriques?q=" + "matelas+" * 5000).status_code in (200, 414)
        with psycopg.connect(intake) as conn:
            changed = to_event_data(townfiles.load(GENTILLY), 2)
            changed["categories"] = changed["categories"][-1:]
            towns.keep(conn, "gentilly", changed)
        assert client.get("/gentilly/rubriques?q=matelas").get_json() == []


def test_what_people_wrote_is_learned_and_its_accuracy_said(intake: str) -> None:
    assert orjson.loads(run(suggest, "gentilly", "le zigouigoui", "--json").stdout) == []
    _write(intake, 2 * PEOPLE, "voirie/potelet", "Le zigouigoui de madame Hildegarde est tombé")
    lesson = orjson.loads(run(learn, "gentilly", "--json").stdout)
    assert (lesson["reports"], lesson["tried"], lesson["before"], lesson["after"]) == (10, 2, 0.0, 1.0)
    assert run(suggest, "gentilly", "zigouigoui").stdout.startswith("1.00  voirie/potelet")
    assert "10" in run(learn, "gentilly").stdout
    assert run(learn, "nulle-part").exit_code == 1
