"""No string of a mail is left untranslated."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from jinja2.ext import babel_extract

from services.notification import mail
from shared.l10n import LANGUAGES
from shared.l10n.catalogues import SOURCE_LANGUAGE
from shared.l10n.catalogues import catalogue as catalogue_of

TEMPLATES = Path(mail.__path__[0]) / "templates"


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != SOURCE_LANGUAGE])
def test_every_string_is_translated(language: str) -> None:
    catalogue: Catalog = catalogue_of("services.notification.mail", "mail", language)
    said = set(extracted())

    assert {message.id for message in catalogue if message.id} == said
    for message in catalogue:
        if message.id:
            assert message.string, message.id
            assert not message.fuzzy, message.id
            assert placeholders(str(message.string)) == placeholders(str(message.id)), message.id


def extracted() -> Iterator[str]:
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    for path in sorted(TEMPLATES.iterdir()):
        with path.open("rb") as file:
            for _, _, message, _ in babel_extract(file, ("_",), [], options):
                text = message if isinstance(message, str) else (message or ("",))[0]
                yield str(text)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))
