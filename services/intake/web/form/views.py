"""The form: a draft is begun, filled in step by step, and sent. Its address is known to its author alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, Response, request

from services.intake.domain.drafts import Draft, SentDraft
from services.intake.domain.forms import FormTown
from services.intake.domain.links import Links
from services.intake.domain.prefilled import prefilled
from services.intake.usecases.submissions import Refused
from services.intake.usecases.uploads import Uploads
from services.intake.web.form import photos, steps
from services.intake.web.form.drawing import Drawing, refusal_status
from services.intake.web.form.fields import FormErrors
from services.intake.web.form.steps import LAST, PRESSED, STEPS, FormStep
from services.intake.web.form.writing import Writing
from services.intake.web.towns import TownsOfPages
from services.intake.web.upload_slots import LONGEST_WITH_PHOTOS, slot_for
from shared.l10n import language_or_french
from shared.web import Problem, body_limit, see_other
from shared.web.pages import page_language

_REMOVE = "remove:"


@dataclass(frozen=True, slots=True)
class FormViews:
    """The views of the form. `check_network`: raises Problem where too much comes from one network."""

    towns: TownsOfPages
    writing: Writing
    drawing: Drawing
    uploads: Uploads
    links: Links
    check_network: Callable[[str], None]

    def blueprint(self) -> Blueprint:
        """What these views answer."""
        pages = Blueprint("form", __name__)
        pages.add_url_rule("/<town>/signaler", view_func=self.start)
        pages.add_url_rule("/<town>/signaler", "begin", self.begin, methods=["POST"])
        pages.add_url_rule("/<town>/signaler/<draft_id>", view_func=self.sent)
        pages.add_url_rule("/<town>/signaler/<draft_id>/<name>", view_func=self.show)
        pages.add_url_rule("/<town>/signaler/<draft_id>/<name>", "fill", self.fill, methods=["POST"])
        pages.add_url_rule("/<town>/signaler/<draft_id>/photos/<photo>", view_func=self.photo)
        return pages

    def start(self, town: str) -> Response:
        """The first step, before anything is kept. Its address may say kind, category and place."""
        known = self.towns.town(town)
        draft = Draft(town, "", page_language(request), _kind(known, request.args))
        return self.drawing.step(STEPS[0], prefilled(draft, known, request.args), known)

    @body_limit(LONGEST_WITH_PHOTOS)
    def begin(self, town: str) -> Response:
        """The first step is filled in: from now on there is a draft."""
        known = self.towns.town(town)
        self.check_network(town)
        with slot_for(self.uploads):
            language = language_or_french(request.form.get("lang"))
            draft = self.writing.begin(town, _kind(known, request.form), language)
            return self._filled(STEPS[0], prefilled(draft, known, request.form), known)

    def show(self, town: str, draft_id: str, name: str) -> Response:
        """One step as it was filled in so far; an earlier one, where that lacks something."""
        step, known = _step(name), self.towns.town(town)
        draft = self.writing.draft(town, draft_id)
        if isinstance(draft, SentDraft):
            return _to(draft)
        draft = self._in_language(draft)
        first = steps.of_part(draft.missing)
        is_early = STEPS.index(first) < STEPS.index(step)
        return _to(draft, first) if is_early else self.drawing.step(step, draft, known)

    @body_limit(LONGEST_WITH_PHOTOS)
    def fill(self, town: str, draft_id: str, name: str) -> Response:
        """A step is filled in, or the whole is sent."""
        step, known = _step(name), self.towns.town(town)
        with slot_for(self.uploads):
            draft = self.writing.draft(town, draft_id)
            if isinstance(draft, SentDraft):
                return _to(draft)
            return self._send(draft, known) if step is LAST else self._filled(step, draft, known)

    def sent(self, town: str, draft_id: str) -> Response:
        """What became of it; the step that it is at, where it is not sent yet."""
        known, draft = self.towns.town(town), self.writing.draft(town, draft_id)
        if isinstance(draft, Draft):
            return _to(draft, steps.of_part(draft.missing))
        followed, language = self.writing.followed(draft), page_language(request, draft.language)
        return self.drawing.sent(draft, known, language, followed)

    def photo(self, town: str, draft_id: str, photo: str) -> Response:
        """A photo of the draft, small: from here until the store has it."""
        draft = self.writing.draft(town, draft_id)
        if isinstance(draft, SentDraft) or photo not in draft.photos:
            raise Problem(404)
        waiting = self.writing.thumbnail(town, photo)
        if waiting is None:
            return see_other(self.links.photo(town, photo, "thumbnail"))
        return Response(waiting, content_type="image/jpeg")

    def _in_language(self, draft: Draft) -> Draft:
        """The draft, from now on in the language that its author has chosen."""
        chosen = page_language(request, draft.language)
        changed = replace(draft, language=chosen)
        if chosen != draft.language:
            self.writing.save(changed)
        return changed

    def _filled(self, step: FormStep, draft: Draft, known: FormTown) -> Response:
        pressed, form = request.form.get(PRESSED, ""), steps.as_pressed(request.form.to_dict())
        draft, wrong = self._with_photos(draft, pressed)
        try:
            draft = step.read(form, draft, known)
        except FormErrors as errors:
            wrong |= {} if pressed else errors.messages
        if isinstance(self.writing.save(draft), SentDraft):
            return _to(draft)
        if wrong or pressed:
            return self.drawing.step(step, draft, known, steps.as_shown(form), wrong)
        return _to(draft, steps.of_part(draft.missing))

    def _with_photos(self, draft: Draft, pressed: str) -> tuple[Draft, dict[str, str]]:
        if pressed.startswith(_REMOVE):
            draft = photos.without(draft, pressed.removeprefix(_REMOVE))
        return photos.with_those_sent(self.uploads, draft)

    def _send(self, draft: Draft, known: FormTown) -> Response:
        self.check_network(draft.town)
        outcome = self.writing.send(draft)
        if isinstance(outcome, Refused):
            wrong = self.drawing.refused(outcome, draft.language)
            return self.drawing.step(LAST, draft, known, None, wrong, refusal_status(outcome))
        if isinstance(outcome, Draft):
            return _to(outcome, steps.of_part(outcome.missing))
        return _to(outcome)


def _step(name: str) -> FormStep:
    if name not in steps.BY_NAME:
        raise Problem(404)
    return steps.BY_NAME[name]


def _kind(known: FormTown, given: Mapping[str, str]) -> str:
    kind = given.get("kind", "")
    return kind if kind in known.kinds else known.kinds[0]


def _to(draft: Draft | SentDraft, step: FormStep | None = None) -> Response:
    """To a page of this draft, by GET: what was sent is not sent again when the page is loaded again."""
    path = f"/{draft.town}/signaler/{draft.id}"
    return see_other(f"{path}/{step.name}" if step else path)
