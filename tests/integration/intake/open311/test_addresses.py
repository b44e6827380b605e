"""Which addresses there are, whose towns they mean, and what is told at all others."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import orjson

from services.intake.web.open311.openapi import document
from services.intake.web.open311.views import PREFIX
from shared import ids, towns
from tests.integration.intake.open311.conftest import Api

WHOLE = document("https://signaler.example/open311/v2")


def test_where_there_are_several_towns_one_must_be_named(api: Api) -> None:
    with api.pool.connection() as conn:
        _, data = towns.stored(conn, "gentilly") or (0, {})
        towns.keep(conn, "autre", {**data, "slug": "autre"})
    assert api.get("services.json").status_code == 400
    assert api.get("services.json", jurisdiction_id="autre").status_code == 200
    assert api.send(jurisdiction_id="autre").status_code == 403


def test_what_is_none_of_it_is_told_so_in_its_own_form(api: Api) -> None:
    for path in ("requests", "services.csv", "nothing/at.all", "services/a%0Ab", "services/a%0A"):
        answer = api.get(path)
        assert (answer.status_code, ElementTree.fromstring(answer.data).tag) == (404, "errors"), path
    wrong = api.client.delete(f"{PREFIX}/requests.json")
    assert (wrong.status_code, orjson.loads(wrong.data)[0]["code"]) == (405, 405)


def test_every_address_is_in_the_document_and_every_one_of_it_answers(api: Api) -> None:
    served = {
        re.sub(r"<(?:any\([^)]*\):|path:|whatever:)?(\w+)>", r"{\1}", rule.rule.removeprefix(PREFIX))
        for rule in api.app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
    }
    assert served - {"/openapi.json", "/{other}"} == set(WHOLE["paths"])
    told: Any = orjson.loads(api.get("openapi.json").data)
    assert told == orjson.loads(orjson.dumps(WHOLE))


def test_no_report_is_found_by_what_is_no_reference(api: Api) -> None:
    for odd in ("%00", "é", "x" * 500, ids.new_id()):
        assert api.get(f"requests/{odd}.json").status_code in (400, 404)
