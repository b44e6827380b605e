"""The steps of the form: what each reads from a browser into the draft, and what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from services.intake.domain import prefilled
from services.intake.domain.drafts import Draft, Part
from services.intake.domain.forms import FormTown
from services.intake.domain.submissions import Author, Place
from services.intake.web.form import fields
from services.intake.web.form.fields import FormErrors
from shared.l10n import Label

Form = Mapping[str, str]
Read = Callable[[Form, Draft, FormTown], Draft]

ANSWER = "answer-"  # before a question's slug, as the name of its field
PRESSED = "do"  # the name of the buttons that stay on the page
_NO_POINT = "no-point"  # the one that forgets the point on the map
_WHERE = Label(
    "Écrivez une adresse ou un repère, ou cochez qu’il n’y a pas de lieu précis.",
    "Write an address or a landmark, or tick that there is no particular place.",
)
_VISIBLE = {"latitude": "address", "longitude": "address"}  # where what is wrong with a hidden field is said
_WHICH = Label("Choisissez de quoi il s’agit.", "Choose what it is about.")


@dataclass(frozen=True, slots=True)
class FormStep:
    """One page of the form. `name`: in its address; `part`: what it fills in, nothing for the last."""

    name: str
    part: Part | None
    read: Read


def read_what(form: Form, draft: Draft, town: FormTown) -> Draft:
    """The words and the category. No category is no mistake while the words are new: some are proposed."""
    found = fields.read(fields.What, form, draft.language)
    changed = replace(draft, description=found["description"], category=found["category"])
    if changed.category and not town.has(draft.kind, changed.category):
        raise FormErrors({"category": _WHICH.in_language(draft.language)})
    if not changed.category and found["description"] == draft.description:
        raise FormErrors({"category": _WHICH.in_language(draft.language)})
    return changed


def read_where(form: Form, draft: Draft, _town: FormTown) -> Draft:
    """The place, or that there is none."""
    try:
        found = fields.read(fields.Where, form, draft.language)
    except FormErrors as errors:
        raise FormErrors(
            {_VISIBLE.get(name, name): words for name, words in errors.messages.items()}
        ) from None
    if found["from_photo"] and draft.offered and found["latitude"] is None:
        found |= {"latitude": draft.offered.latitude, "longitude": draft.offered.longitude}
    place = fields.place_of(found, draft.language)
    if place is None and not found["without_place"]:
        raise FormErrors({"address": _WHERE.in_language(draft.language)})
    return replace(draft, place=Place(**place) if place else None, without_place=place is None, offered=None)


def read_details(form: Form, draft: Draft, town: FormTown) -> Draft:
    """The description, and answers to what the town asks about this category."""
    given = {
        asked.choice.slug: form.get(ANSWER + asked.choice.slug, "") for asked in town.asks(draft.category)
    }
    offered = {asked.choice.slug: asked.question.answers for asked in town.asks(draft.category)}
    answers = {question: answer for question, answer in given.items() if answer in offered[question]}
    found = fields.read(fields.Details, form, draft.language)
    return replace(draft, description=found["description"], answers=answers, has_details=True)


def read_who(form: Form, draft: Draft, _town: FormTown) -> Draft:
    """Names and address, and whether they may be passed on."""
    found = fields.read(fields.Who, form, draft.language)
    share = found.pop("share_contact")
    return replace(draft, author=Author(**found), share_contact=share)


def read_nothing(_form: Form, draft: Draft, _town: FormTown) -> Draft:
    """The last step asks for nothing new."""
    return draft


STEPS: tuple[FormStep, ...] = (
    FormStep("quoi", "what", read_what),
    FormStep("lieu", "where", read_where),
    FormStep("details", "details", read_details),
    FormStep("qui", "who", read_who),
    FormStep("envoi", None, read_nothing),
)
BY_NAME: Mapping[str, FormStep] = {step.name: step for step in STEPS}
LAST = STEPS[-1]


def of_part(part: Part | None) -> FormStep:
    """The step that fills in `part`; the last one for nothing."""
    return next(step for step in STEPS if step.part == part)


def as_pressed(form: Form) -> Form:
    """The form as it stays on its page: without the point where that was pressed."""
    return _without_point(form) if form.get(PRESSED) == _NO_POINT else form


def as_shown(form: Form) -> Form:
    """The form as it is shown again: a point that is none is left out, since nobody can mend it."""
    is_point = prefilled.point(form.get("latitude", ""), form.get("longitude", "")) is not None
    return form if is_point else _without_point(form)


def _without_point(form: Form) -> Form:
    return {**form, "latitude": "", "longitude": ""}
