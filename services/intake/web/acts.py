"""What an author does about a report: a page each with what is asked, and the button that does it.

Showing a page does nothing: mail scanners open links. The address holds the token of the follow-up page,
which is what entitles to it; nothing else is needed, no cookie either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, Response, request
from marshmallow.fields import Boolean

from services.intake.domain.acts import AuthorAct, photos_of
from services.intake.domain.follow_up import FollowUp
from services.intake.domain.links import Links
from services.intake.domain.photos import PhotoRefused
from services.intake.store.photos import Owner
from services.intake.usecases.acts import Acts
from services.intake.usecases.follow_up import follow_up
from services.intake.usecases.uploads import Uploads
from services.intake.web.form import fields
from services.intake.web.form.drawing import Texts
from services.intake.web.form.fields import FormErrors, Found
from services.intake.web.form.photos import NAME, TOO_MANY
from services.intake.web.photo_errors import REASONS
from services.intake.web.upload_slots import LONGEST_WITH_PHOTOS, slot_for
from services.intake.web.wording import Words
from shared import db
from shared.contracts.fields import Choice
from shared.contracts.states import SATISFIED, UNSATISFIED, WITHDRAWN, Act
from shared.contracts.texts import Lines
from shared.l10n import Label, Language
from shared.unit import Units
from shared.web import Problem, body_limit, see_other
from shared.web.pages import Pages, page_language

PATHS: Mapping[str, Act] = {
    "completer": "completed",
    "retirer": "withdrawn",
    "rouvrir": "reopened",
    "avis": "rated",
}


class _Added(fields.Form):
    """What an author adds to a report."""

    text = Lines(4000, load_default=None)


class _Withdrawn(fields.Form):
    """Why it is taken back."""

    reason = Choice(WITHDRAWN, required=True)
    text = Lines(4000, load_default=None)


class _Reopened(fields.Form):
    """What is not settled."""

    text = Lines(4000, required=True)


class _Rated(fields.Form):
    """Whether its author is satisfied."""

    satisfied = Boolean(required=True)


_NAMES: Mapping[Act, str] = {act: path for path, act in PATHS.items()}
_SCHEMAS = {
    "completed": _Added,
    "withdrawn": _Withdrawn,
    "reopened": _Reopened,
    "rated": _Rated,
}
_NOTHING = Label("Écrivez quelque chose, ou ajoutez une photo.", "Write something, or add a photo.")


@dataclass(frozen=True, slots=True)
class ActViews:
    """The views. `check_network`: raises Problem where too much comes from one network."""

    pool: db.Pool
    links: Links
    pages: Pages
    acts: Acts
    uploads: Uploads
    check_network: Callable[[str], None]

    def blueprint(self) -> Blueprint:
        """What these views answer."""
        pages = Blueprint("acts", __name__)
        paths = f"<any({','.join(PATHS)}):path>"
        pages.add_url_rule(f"/suivi/<token>/{paths}", view_func=self.ask)
        pages.add_url_rule(f"/suivi/<token>/{paths}", "do", self.do, methods=["POST"])
        return pages

    def ask(self, token: str, path: str) -> Response:
        """What is asked; the follow-up page where it is not possible, or not any more."""
        report = self._report(*self._named(token))
        act = PATHS[path]
        if act not in report.may or act == "rated":
            return self._to(token, page_language(request, report.language))
        return self._draw(token, act, report)

    @body_limit(LONGEST_WITH_PHOTOS)
    def do(self, token: str, path: str) -> Response:
        """Do it, and show the follow-up page; the form again where something in it is wrong."""
        town, report_id = self._named(token)
        self.check_network(town)
        report, act = self._report(town, report_id), PATHS[path]
        language = page_language(request, report.language)
        if act not in report.may:
            return self._to(token, language)
        with slot_for(self.uploads):
            try:
                done = self._read(act, town, report_id, report, language)
            except FormErrors as errors:
                if act == "rated":  # it has two buttons and no page of its own
                    return self._to(token, language)
                return self._draw(token, act, report, request.form.to_dict(), errors.messages)
        with Units(self.pool).open() as unit:
            self.acts.do(unit, town, report_id, done)
        return self._to(token, language, "rouvrir" if done.outcome == UNSATISFIED else "")

    def _read(self, act: Act, town: str, report_id: str, report: FollowUp, language: Language) -> AuthorAct:
        found = fields.read(_SCHEMAS[act], request.form.to_dict(), language)
        if act == "rated":
            return AuthorAct(act, outcome=SATISFIED if found["satisfied"] else UNSATISFIED)
        made = AuthorAct(act, found["text"], found.get("reason"))
        if act != "completed":
            return made
        return self._with_photos(made, Owner(town, photos_of(report_id)), report, language)

    def _with_photos(self, made: AuthorAct, owner: Owner, report: FollowUp, language: Language) -> AuthorAct:
        sent = [file for file in request.files.getlist(NAME) if file.filename]
        if len(sent) > report.free_photos:
            raise FormErrors({NAME: TOO_MANY.in_language(language)})
        try:
            taken = tuple(self.uploads.take(owner, file.read()).id for file in sent)
        except PhotoRefused as refused:
            raise FormErrors({NAME: REASONS[refused.reason][1].in_language(language)}) from None
        if not taken and not made.text:
            raise FormErrors({"text": _NOTHING.in_language(language)})
        return replace(made, photos=taken)

    def _draw(
        self,
        token: str,
        act: Act,
        report: FollowUp,
        values: Found | None = None,
        wrong: Mapping[str, str] | None = None,
    ) -> Response:
        language = page_language(request, report.language)
        words = Words(language, report, lambda text: self.pages.gettext(language, text))
        return self.pages.draw(
            "acte.html",
            language,
            report.town,
            422 if wrong else 200,
            act=act,
            report=report,
            category=words.label(report.category),
            action=f"/suivi/{token}/{_NAMES[act]}?lang={language}",
            back=f"/suivi/{token}?lang={language}",
            values=Texts(values or {}),
            wrong=Texts(wrong or {}),
        )

    def _to(self, token: str, language: Language, path: str = "") -> Response:
        return see_other(f"/suivi/{token}{'/' if path else ''}{path}?lang={language}")

    def _report(self, town: str, report_id: str) -> FollowUp:
        with self.pool.connection() as conn:
            found = follow_up(conn, self.acts.towns, town, report_id)
        if found is None:
            raise Problem(404)
        return found

    def _named(self, token: str) -> tuple[str, str]:
        named = self.links.tracked(token)
        if named is None:
            raise Problem(404)
        return named
