"""What intake tells and answers."""

from shared.contracts.blocks import Error, Errors, Report, ReportName
from shared.contracts.fields import Block, Nested, Several
from shared.contracts.texts import Email, Id, Line, Url


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


class Contact(Block):
    """How to reach a citizen about a report."""

    citizen_id = Id(required=True)
    report_id = Id(required=True)
    email = Email(required=True)
    first_name = Line(100, required=True)
    last_name = Line(100, required=True)
    tracking_url = Url(required=True)


class ContactsGivenV1(Block):
    """The contacts asked for, less those unknown, erased, or without consent to the purpose."""

    contacts = Several(Nested(Contact), most=1000, required=True)
