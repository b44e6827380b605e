"""Pages: a service's templates and the shared ones, in the reader's language and in the town's colours."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Request, Response
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from shared.branding import Branding
from shared.colours import DEFAULT_COLOUR, Look, Palette
from shared.l10n import Language, language_or_french
from shared.l10n.catalogues import translations
from shared.web.problems import language_of
from shared.web.static_files import StaticFiles

SHARED = "shared.web"
DOMAIN = "web"

_OTHER: dict[Language, Language] = {"fr": "en", "en": "fr"}


@dataclass(frozen=True, slots=True)
class Allows:
    """What a page needs beside its style and pictures: our own `scripts`, the device's `position`."""

    scripts: bool = False
    position: bool = False


NOTHING = Allows()


class Pages:
    """Draws the pages of one service, whose templates and catalogue lie in `package`.

    `pictures`: where else than here pages show pictures from, as an origin.
    """

    def __init__(self, package: str, static: StaticFiles, pictures: str = "") -> None:
        self._package = package
        self._static = static
        self._pictures = pictures

    def draw(
        self,
        template: str,
        language: Language,
        branding: Branding | None = None,
        status: int = 200,
        allows: Allows = NOTHING,
        **variables: Any,
    ) -> Response:
        """The page as an answer that nobody keeps.

        Its policy admits the town's colours, what the page `allows`, and nothing else.
        """
        style = _style(branding)
        html = self.render(template, language, branding, **variables)
        policy = self._policy(style, allows)
        headers = {"Content-Security-Policy": policy, "X-Robots-Tag": "noindex, nofollow"}
        if allows.position:
            headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
        return Response(html, status, headers, content_type="text/html; charset=utf-8")

    def render(
        self, template: str, language: Language, branding: Branding | None = None, **variables: Any
    ) -> str:
        """The page as HTML."""
        return (
            self.environment(language)
            .get_template(template)
            .render(
                language=language,
                other_language=_OTHER[language],
                town=branding.title(language) if branding else "",
                links=branding.named_links(language) if branding else [],
                style=_style(branding),
                **variables,
            )
        )

    def environment(self, language: Language) -> Environment:
        """Templates that escape what they are given and speak `language`."""
        return _environment(self._package, self._static, language)

    def gettext(self, language: Language, text: str) -> str:
        """A text of the service's or the shared catalogue."""
        return translations(DOMAIN, language, self._package, SHARED).gettext(text)

    def _policy(self, style: str, allows: Allows) -> str:
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        styles = f"'self' 'sha256-{digest}'" if style else "'self'"
        pictures = f"'self' {self._pictures}".rstrip()
        scripts = "script-src 'self'; " if allows.scripts else ""
        return (
            f"default-src 'none'; style-src {styles}; img-src {pictures}; {scripts}"
            "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )


def page_language(request: Request, known: str | None = None) -> Language:
    """`?lang=` where the address has it, else the language that is `known`, else what the browser prefers."""
    wanted = request.args.get("lang") or known
    return language_or_french(wanted) if wanted else language_of(request)


@cache
def _environment(package: str, static: StaticFiles, language: Language) -> Environment:
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader(SHARED)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.globals["static_url"] = static.url
    texts = translations(DOMAIN, language, package, SHARED)
    made.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined]
    return made


def _style(branding: Branding | None) -> str:
    """The town's own colours as CSS; nothing where they are those of the style sheet."""
    if branding is None or branding.colour == DEFAULT_COLOUR:
        return ""
    look: Look = branding.look
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {_tokens(look.dark)} }} }}"
    return f":root {{ {_tokens(look.light)} }} {dark}"


def _tokens(palette: Palette) -> str:
    accent, ground, on = palette.accent, palette.accent_ground, palette.on_accent
    return f"--accent: {accent}; --accent-ground: {ground}; --on-accent: {on};"
