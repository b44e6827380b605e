"""`vigie town qr`: a code whose address opens the form with what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from click.testing import CliRunner, Result

from services.intake.commands.qr import qr
from services.routing import townfiles
from services.routing.domain import to_event_data
from shared import towns
from tests.support.system import GENTILLY


@pytest.fixture(autouse=True)
def intake(database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that knows Gentilly."""
    url = database("intake")
    monkeypatch.setenv("INTAKE_DATABASE_URL", url)
    monkeypatch.setenv("INTAKE_URL", "https://signaler.example")
    with psycopg.connect(url) as conn:
        towns.keep(conn, "gentilly", to_event_data(townfiles.load(GENTILLY), 1))


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(qr, arguments)


@pytest.mark.parametrize(("form", "begin"), [("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG")])
def test_a_code_is_written_and_its_address_said(tmp_path: Path, form: str, begin: bytes) -> None:
    file = tmp_path / f"code.{form}"
    said = ("--category", "voirie/nid-de-poule", "--place", "Square d'été", "--point", "48.813, 2.342")
    done = _run("gentilly", *said, "-o", str(file))
    assert done.exit_code == 0, done.output
    assert file.read_bytes().startswith(begin)
    address = urlsplit(done.stdout.strip())
    assert (
        f"{address.scheme}://{address.netloc}{address.path}" == "https://signaler.example/gentilly/signaler"
    )
    assert parse_qs(address.query) == {
        "category": ["voirie/nid-de-poule"],
        "address": ["Square d'été"],
        "latitude": ["48.813"],
        "longitude": ["2.342"],
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "no town is called nowhere"),
        (("gentilly", "--category", "voirie"), "voirie is no category that can be sent"),
        (("gentilly", "--point", "48.8"), "a point is latitude and longitude"),
        (("gentilly", "--point", "0,0"), "a point is latitude and longitude"),
        (("gentilly", "-o", "code.doc"), "the file ends in .svg, .pdf, .png"),
    ],
)
def test_what_cannot_be_is_said(arguments: tuple[str, ...], said: str) -> None:
    done = _run(*arguments)
    assert done.exit_code == 1
    assert said in done.output
