"""The objects that several events hold."""

from shared.contracts.fields import Block, Choice, Nested, Number, Several
from shared.contracts.kinds import KINDS
from shared.contracts.states import TARGET_KINDS
from shared.contracts.texts import Answers, CategoryPath, Id, Line, Lines, Moment, Slug, Url
from shared.l10n import LANGUAGES

PHOTOS = 4
LONGEST_ADDRESS = 300


class Label(Block):
    """The same words in each language."""

    fr = Lines(5000, required=True)
    en = Lines(5000, required=True)


class Place(Block):
    """A point on earth: WGS 84, decimal degrees."""

    latitude = Number(-90, 90, wrong="not_on_earth", required=True)
    longitude = Number(-180, 180, wrong="not_on_earth", required=True)
    address = Line(
        LONGEST_ADDRESS, load_default=None, metadata={"description": "In words, as the citizen gave it."}
    )


class Photo(Block):
    """A photo of a report, behind intake's own signed addresses: 425 until it is stored, 410 once erased."""

    id = Id(required=True)
    url = Url(
        required=True, metadata={"description": "Redirects to the picture, at most 2,048 px wide or high."}
    )
    thumbnail_url = Url(required=True)


class Report(Block):
    """A report as every service and tool may see it: nothing in it says who sent it."""

    id = Id(required=True)
    reference = Line(
        30, required=True, metadata={"description": "What the citizen is told: `GEN-7K3M-9QX2`."}
    )
    kind = Choice(KINDS, required=True)
    category = CategoryPath(required=True, metadata={"description": "A leaf of the town's categories."})
    language = Choice(LANGUAGES, required=True)
    citizen_id = Id(required=True, metadata={"description": "Opaque; one per person and town."})
    description = Lines(4000, required=True)
    place = Nested(Place, load_default=None)
    address = Line(
        LONGEST_ADDRESS,
        load_default=None,
        metadata={"description": "Where it is in words, where its author gave no point; else see `place`."},
    )
    photos = Several(Nested(Photo), most=PHOTOS, load_default=list)
    answers = Answers(load_default=dict)
    submitted_at = Moment(required=True)


class ReportName(Block):
    """Which report."""

    id = Id(required=True)
    reference = Line(30, required=True)


class Decision(Block):
    """Why a report went where it did."""

    rule = Line(100, required=True, allow_none=True, metadata={"description": "null where no rule applied."})
    rule_set = Line(60, required=True, metadata={"description": "The version of the town's rules."})
    reason = Nested(Label, required=True)
    plain_reason = Nested(
        Label,
        load_default=None,
        metadata={"description": "The reason without the rule's name and version, as a citizen is told it."},
    )


class Clocks(Block):
    """Until when; null where no target delay runs."""

    acknowledge_by = Moment(load_default=None)
    resolve_by = Moment(load_default=None)


class Holder(Block):
    """Who has a report; `id` is null in triage."""

    kind = Choice(TARGET_KINDS, required=True)
    id = Slug(load_default=None)


class Error(Block):
    """What is wrong, where, and what to do about it."""

    pointer = Line(
        500, shortest=0, required=True, metadata={"description": "RFC 6901, from the event's root."}
    )
    code = Line(60, required=True, metadata={"description": "Stable; see the list of codes."})
    message = Line(500, required=True, metadata={"description": "For a person, in the sender's language."})


class Errors(Block):
    """Why a request was refused."""

    errors = Several(Nested(Error), least=1, most=20, required=True)
