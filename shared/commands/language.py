"""The language that `vigie` speaks, as far as click is concerned: its option, its help and its own words."""

from __future__ import annotations

import gettext
import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import click
from babel.messages.mofile import write_mo
from click.core import ParameterSource

from shared.l10n import LANGUAGES, Language
from shared.l10n.catalogues import catalogue
from shared.l10n.spoken import N_, of_environment, speaking, words_of

_OF_PARAM = ("help", "metavar", "show_default")
_CLICK = "click"  # the catalogue of click's own words
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class ClickWords:
    """Click's own words. Click asks Python's gettext, which reads compiled catalogues from a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def speak(self, language: Language) -> None:
        """Usage lines and the errors of arguments are in `language` from now on."""
        if language != "en":
            self._compile(language)
        os.environ["LANGUAGE"] = language
        gettext.bindtextdomain(_CLICK, str(self._folder))
        gettext.textdomain(_CLICK)

    def _compile(self, language: Language) -> None:
        folder = self._folder / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{_CLICK}.mo").open("wb") as file:
            write_mo(file, catalogue("shared", _CLICK, language))


@contextmanager
def language_of_environment(cli: click.Group) -> Iterator[ClickWords]:
    """Speak the language that the environment names, English where it names none: help, messages, errors."""
    language = of_environment(os.environ) or "en"
    with TemporaryDirectory(prefix="vigie-") as folder, speaking(language):
        words = ClickWords(Path(folder))
        words.speak(language)
        translate(cli)
        yield words


def language_option(command: Decorated) -> Decorated:
    """`--language`: the one of the answer. Without it the environment's, else that of the towns, French."""
    return click.option(
        "--language",
        type=click.Choice(LANGUAGES),
        default=lambda: of_environment(os.environ) or "fr",
        show_default=N_("as LANG says, else fr"),
        is_eager=True,
        callback=_speak,
    )(command)


def _speak(ctx: click.Context, option: click.Parameter, language: Language) -> Language:
    """What was asked for on the command line holds for messages and errors too."""
    if ctx.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE:
        ctx.with_resource(speaking(language))
        words = ctx.find_object(ClickWords)
        if words:
            words.speak(language)
    return language


def translate(command: click.Command) -> None:
    """Put the help of a command, and of all those in it, into the language that is spoken."""
    say = words_of(package_of(command))
    for holder, name in texts(command):
        text = getattr(holder, name)
        setattr(holder, name, "\n\n".join(say(paragraph) for paragraph in paragraphs(text)))
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        translate(inner)


def texts(command: click.Command) -> Iterator[tuple[Any, str]]:
    """What a command says of itself: (the object, the name of its attribute that holds the text)."""
    if isinstance(command, click.Group):
        command.subcommand_metavar = command.subcommand_metavar or N_("COMMAND [ARGS]...")
        yield command, "subcommand_metavar"
    for param in command.params:
        param.metavar = param.metavar or _value(param)
    held = [(command, "help"), *((param, name) for param in command.params for name in _OF_PARAM)]
    yield from ((holder, name) for holder, name in held if isinstance(getattr(holder, name, None), str))


def _value(param: click.Parameter) -> str | None:
    """What stands for an option's value, where click would write the name of its type."""
    wanted = isinstance(param, click.Option) and not (param.is_flag or isinstance(param.type, click.Choice))
    return param.type.name.upper() if wanted else None


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a help text, each as one line."""
    return [" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n")]


def package_of(command: click.Command) -> str:
    """Whose catalogue has the texts of a command: that of the service that it comes from, or of `shared`."""
    module = command.callback.__module__ if command.callback else "shared"
    root, service, *_ = f"{module}.".split(".")
    return f"{root}.{service}" if root == "services" else root
