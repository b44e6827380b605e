"""The form's pages as they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response

from services.intake.domain.drafts import Draft, SentDraft
from services.intake.domain.follow_up import FollowUp
from services.intake.domain.forms import Choice, FormTown
from services.intake.domain.submissions import Place
from services.intake.usecases.submissions import Refused
from services.intake.web.form.steps import ANSWER, STEPS, FormStep
from services.intake.web.form.writing import Writing
from services.intake.web.wording import Words
from shared.contracts import errors
from shared.l10n import Dates, Language, coordinates, unbroken
from shared.web.pages import NOTHING, Allows, Pages

Form = Mapping[str, str]
Errors = Mapping[str, str]

_UNPROCESSABLE, _TOO_MANY = 422, 429
_ALLOWS: Mapping[str, Allows] = {"lieu": Allows(scripts=True, position=True)}
# The part of the last page that leads to where it is mended, a step's or the button, by the pointer's begin.
_MENDED: tuple[tuple[str, str], ...] = (
    ("/data/category", "quoi"),
    ("/data/kind", "quoi"),
    ("/data/place", "lieu"),
    ("/data/citizen", "qui"),
    ("/data", "details"),
    ("", "envoyer"),
)


class Texts(dict[str, str]):
    """Texts by name; there is nothing under another name."""

    def __missing__(self, name: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws them. `tracking`: of town and report's id, the address at which its author follows it."""

    pages: Pages
    writing: Writing
    tracking: Callable[[str, str], str]

    def step(
        self,
        step: FormStep,
        draft: Draft,
        town: FormTown,
        form: Form | None = None,
        wrong: Errors | None = None,
        status: int | None = None,
    ) -> Response:
        """One step: as the `form` came where something is `wrong` or it stays, else as the draft has it."""
        wrong = wrong or {}
        return self.pages.draw(
            f"form/{step.name}.html",
            draft.language,
            town.branding,
            status or (_UNPROCESSABLE if wrong else 200),
            _ALLOWS.get(step.name, NOTHING),
            **_frame(step, draft),
            kind=draft.kind,
            draft=draft,
            values=Texts(_values(draft) if form is None else form),
            wrong=Texts(wrong),
            **self._offered(step, draft, town),
        )

    def sent(
        self, sent: SentDraft, town: FormTown, language: Language, followed: FollowUp | None
    ) -> Response:
        """What became of it: on its way, or waiting for its author."""
        until = (
            Dates(language, str(town.time_zone)).day_and_moment(sent.kept_until) if sent.kept_until else ""
        )
        words = (
            Words(language, followed, lambda text: self.pages.gettext(language, text)) if followed else None
        )
        return self.pages.draw(
            "form/envoye.html",
            language,
            town.branding,
            kind=sent.kind,
            slug=sent.town,
            until=until,
            followed=followed,
            words=words,
            now=words.now() if words else None,
            tracking_url=self.tracking(sent.town, sent.report_id),
        )

    def refused(self, refused: Refused, language: Language) -> dict[str, str]:
        """What is wrong, by the part of the last page that leads to where it is mended."""
        said = [errors.error(wrong.pointer, wrong.code, language) for wrong in refused.errors]
        return {_mended(each["pointer"]): each["message"] for each in reversed(said)}

    def _offered(self, step: FormStep, draft: Draft, town: FormTown) -> dict[str, Any]:
        offers = {"quoi": self._what, "lieu": self._where, "details": self._details, "envoi": self._check}
        return offers[step.name](draft, town) if step.name in offers else {}

    def _what(self, draft: Draft, town: FormTown) -> dict[str, Any]:
        language = draft.language
        proposals = [
            p
            for p in self.writing.proposals(draft.town, draft.description)
            if town.has(draft.kind, p.category)
        ]
        return {
            "proposals": [(p.category, _in(p.label, language), p.because) for p in proposals],
            "groups": [
                (_in(group.choice.label, language), _options(group.leaves, language))
                for group in town.groups.get(draft.kind, ())
            ],
            "chosen": _in(town.label(draft.category), language) if draft.category else "",
            "point": _point(draft.place, language),
        }

    def _where(self, draft: Draft, _town: FormTown) -> dict[str, Any]:
        return {
            "offered": _point(draft.offered, draft.language),
            "point": _point(draft.place, draft.language),
        }

    def _details(self, draft: Draft, town: FormTown) -> dict[str, Any]:
        asked = [
            (
                ANSWER + each.choice.slug,
                _in(each.choice.label, draft.language),
                _options(each.answers, draft.language),
            )
            for each in town.asks(draft.category)
        ]
        return {"questions": asked}

    def _check(self, draft: Draft, town: FormTown) -> dict[str, Any]:
        language = draft.language
        answers = [
            (_in(asked.choice.label, language), _in(answer.label, language))
            for asked in town.asks(draft.category)
            for answer in asked.answers
            if draft.answers.get(asked.choice.slug) == answer.slug
        ]
        return {
            "category": _in(town.label(draft.category), language),
            "answers": answers,
            "point": _point(draft.place, language),
        }


def refusal_status(refused: Refused) -> int:
    """429 where it came too soon, else 422."""
    return _TOO_MANY if any(wrong.wait for wrong in refused.errors) else _UNPROCESSABLE


def _frame(step: FormStep, draft: Draft) -> dict[str, Any]:
    number = STEPS.index(step)
    base = f"/{draft.town}/signaler"
    own = f"{base}/{draft.id}" if draft.id else base
    return {
        "slug": draft.town,
        "base": own,
        "action": f"{own}/{step.name}" if draft.id else base,
        "back": f"{own}/{STEPS[number - 1].name}" if number else f"/{draft.town}/?lang={draft.language}",
        "number": number + 1,
        "count": len(STEPS),
    }


def _values(draft: Draft) -> dict[str, str]:
    """What stands in the fields."""
    place, author = draft.place, draft.author
    return {
        "description": draft.description,
        "category": draft.category,
        "address": place.address or "" if place else "",
        "latitude": str(place.latitude) if place and place.latitude is not None else "",
        "longitude": str(place.longitude) if place and place.longitude is not None else "",
        "without_place": "1" if draft.without_place else "",
        "first_name": author.first_name if author else "",
        "last_name": author.last_name if author else "",
        "email": author.email if author else "",
        "share_contact": "1" if draft.share_contact else "",
        **{ANSWER + question: answer for question, answer in draft.answers.items()},
    }


def _options(choices: tuple[Choice, ...], language: Language) -> list[tuple[str, str]]:
    return [(choice.slug, _in(choice.label, language)) for choice in choices]


def _in(label: Any, language: Language) -> str:
    return str(unbroken(label.in_language(language), language))


def _point(place: Place | None, language: Language) -> str:
    if place is None or place.latitude is None or place.longitude is None:
        return ""
    return coordinates(place.latitude, place.longitude, language)


def _mended(pointer: str) -> str:
    return next(part for begin, part in _MENDED if pointer.startswith(begin))
