"""What citizens' front ends send."""

from typing import Any

from marshmallow import ValidationError

from shared.contracts.blocks import PHOTOS, Place
from shared.contracts.fields import Block, Choice, Flag, Nested, Number, Several
from shared.contracts.kinds import KINDS
from shared.contracts.texts import Answers, Email, GivenId, Line, Lines
from shared.l10n import LANGUAGES, primary_tag

TOGETHER = {"description": "Both or neither; neither where there is an address alone."}


def is_a_place(place: dict[str, Any]) -> None:
    """A point, an address, or both. 0, 0 is what software says when it does not know."""
    point = {name: place.get(name) for name in ("latitude", "longitude")}
    missing = [name for name, number in point.items() if number is None]
    if len(missing) == 1:
        raise ValidationError({missing[0]: ["required"]})
    if missing and place.get("address") is None:
        raise ValidationError("empty")
    if set(point.values()) == {0}:
        raise ValidationError("not_on_earth")


class SentPlace(Place):
    """Where it is: a point, as the citizen set or the telephone measured it, an address in words, or both.

    The point is anywhere on earth but at 0, 0.
    """

    latitude = Number(-90, 90, wrong="not_on_earth", load_default=None, metadata=TOGETHER)
    longitude = Number(-180, 180, wrong="not_on_earth", load_default=None, metadata=TOGETHER)


class Citizen(Block):
    """Who sends it. Stays in intake."""

    first_name = Line(100, required=True)
    last_name = Line(100, required=True)
    email = Email(required=True)


class Consent(Block):
    """What the citizen agrees to."""

    share_contact = Flag(
        load_default=False,
        metadata={
            "description": "Whether an outside authority may be given the name and address, to answer."
        },
    )


class SubmissionSentV1(Block):
    """A report, as a citizen sends it through a front end."""

    kind = Choice(KINDS, required=True)
    category = Line(
        150,
        required=True,
        metadata={"description": "A leaf's `slug`, exactly as `vigie town show TOWN --json` prints it."},
    )
    description = Lines(4000, required=True)
    language = Choice(
        LANGUAGES,
        clean=primary_tag,
        load_default="fr",
        metadata={
            "description": "Of the answer and of the mails. `fr-FR`, `en_GB` and their like are taken."
        },
    )
    place = Nested(SentPlace, load_default=None, validate=is_a_place)
    photos = Several(
        GivenId(),
        most=PHOTOS,
        load_default=list,
        metadata={"description": "What `POST /photos` gave for each, of this front end and town."},
    )
    answers = Answers(
        load_default=dict,
        metadata={
            "description": "The category's questions: slug to the answer's slug. Others are kept and decide"
            " nothing: the receipt's `warnings` name them."
        },
    )
    citizen = Nested(Citizen, required=True)
    consent = Nested(Consent, load_default=lambda: {"share_contact": False})
