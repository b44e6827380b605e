"""What citizens' front ends send."""

from typing import Any

from marshmallow import ValidationError

from shared.contracts.blocks import KINDS, PHOTOS, Place
from shared.contracts.fields import Block, Choice, Flag, Nested, Several
from shared.contracts.texts import Answers, Email, GivenId, Line, Lines
from shared.l10n import LANGUAGES, primary_tag


def is_a_place(place: dict[str, Any]) -> None:
    """0, 0 is what software says when it does not know."""
    if place.get("latitude") == 0 and place.get("longitude") == 0:
        raise ValidationError("not_on_earth")


class SentPlace(Place):
    """Where it is, as the citizen said or as the telephone measured: anywhere on earth but 0, 0."""


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
