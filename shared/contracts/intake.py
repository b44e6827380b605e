"""What intake publishes and answers."""

from shared.contracts.blocks import PHOTOS, Clocks, Error, Errors, Photo, Report, ReportName
from shared.contracts.fields import Block, Choice, Flag, Nested, Several
from shared.contracts.kinds import KINDS
from shared.contracts.states import WITHDRAWN
from shared.contracts.texts import CategoryPath, Email, Id, Line, Lines, Moment, Slug, Url
from shared.l10n import LANGUAGES


class AcceptedReport(ReportName):
    """The report that was made of a submission."""

    tracking_url = Url(
        required=True, metadata={"description": "The citizen's page. Whoever has it can read it."}
    )


class SubmissionAcceptedV1(Block):
    """The submission is stored."""

    report = Nested(AcceptedReport, required=True)
    warnings = Several(
        Nested(Error),
        most=20,
        load_default=list,
        metadata={
            "description": "Answers that are kept and decide nothing: the town does not ask the question for"
            " this category, or the answer is none of those to choose from."
        },
    )


class SubmissionRejectedV1(Errors):
    """The submission was not taken, and is not remembered: corrected, it may come under the same id."""


class ReportSubmittedV1(Block):
    """A report was taken."""

    report = Nested(Report, required=True)
    front_end = Line(100, load_default=None, metadata={"description": "The RabbitMQ user that sent it."})


class ActedReport(Report):
    """A report that its author has done something about."""

    citizen_id = Id(
        load_default=None, metadata={"description": "On the desk alone: intake's pages do not know it."}
    )


class Acted(Block):
    """What the author of a report has done about it, and who had the report then.

    Intake tells everybody, with the holder that it knows of. Routing tells the desk of the department that
    has it, which is named.
    """

    report = Nested(ActedReport, required=True)
    department = Slug(load_default=None)
    authority = Slug(load_default=None)


class ReportWithdrawnV1(Acted):
    """Its author takes the report back."""

    reason = Choice(
        WITHDRAWN,
        required=True,
        metadata={"description": "`gone`: there is nothing to be done any more; `mistake`: it was none."},
    )
    text = Lines(4000, load_default=None)


class ReportReopenedV1(Acted):
    """Its author says that it is not settled, after the department has ended it."""

    text = Lines(4000, required=True)
    clocks = Nested(Clocks, load_default=None, metadata={"description": "Until when, on the desk."})


class ReportCompletedV1(Acted):
    """Its author has added words or photos; `report` has all photos."""

    text = Lines(4000, load_default=None)
    photos = Several(Nested(Photo), most=PHOTOS, load_default=list)


class ReportRatedV1(Acted):
    """Its author says how satisfied they are with how it ended."""

    satisfied = Flag(required=True)


class KeptReport(ReportName):
    """A report that waits for its author: nothing of what it says."""

    kind = Choice(KINDS, required=True)
    category = CategoryPath(required=True)
    language = Choice(LANGUAGES, required=True)
    citizen_id = Id(
        required=True, metadata={"description": "Opaque, and of this report alone until it is confirmed."}
    )
    submitted_at = Moment(required=True, metadata={"description": "When it was sent."})


class ReportKeptV1(Block):
    """A report waits until its author confirms the address; then `report.submitted.v1` follows."""

    report = Nested(KeptReport, required=True)
    kept_until = Moment(required=True, metadata={"description": "Deleted then, if nobody has confirmed it."})


class Contact(Block):
    """How to reach a citizen about a report."""

    citizen_id = Id(required=True)
    report_id = Id(required=True)
    email = Email(required=True)
    first_name = Line(100, required=True)
    last_name = Line(100, required=True)
    tracking_url = Url(required=True)
    confirmation_url = Url(
        load_default=None,
        metadata={"description": "Where its author confirms a kept report; for that purpose alone."},
    )


class ContactsGivenV1(Block):
    """The contacts asked for, less those unknown, erased, or without consent to the purpose."""

    contacts = Several(Nested(Contact), most=1000, required=True)
