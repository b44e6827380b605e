"""What routing publishes: where reports go, what becomes of them, how a town is set up."""

from shared.contracts.blocks import Clocks, Decision, Holder, Label, Report
from shared.contracts.fields import AnyObject, Block, Choice, Count, Flag, Nested, Several
from shared.contracts.kinds import CONFIRMATION_DAYS, CONFIRMATIONS, KINDS, ROLES
from shared.contracts.states import DECLINED, RESOLVED
from shared.contracts.texts import CategoryPath, Colour, Day, Email, Id, Line, Lines, Moment, Slug, Url
from shared.l10n import LANGUAGES


class Decided(Block):
    """A report, and a decision about it."""

    report = Nested(Report, required=True)
    decision = Nested(Decision, required=True)
    clocks = Nested(Clocks, required=True)


class ReportRoutedV1(Decided):
    """A department of the town has the report."""

    department = Slug(required=True)


class ReportForwardedV1(Decided):
    """An authority outside the town is to have the report."""

    authority = Slug(required=True)


class ReportTriagedV1(Decided):
    """No rule decides: a person does."""


class Acted(Block):
    """A report, and what its department did."""

    report = Nested(Report, required=True)
    department = Slug(required=True)
    agent_id = Line(100, required=True)


class ReportAcknowledgedV1(Acted):
    """The department has taken the report up."""

    text = Lines(4000, load_default=None)


class ReportPlannedV1(Acted):
    """The work has a date."""

    planned_for = Day(required=True)
    text = Lines(4000, load_default=None)


class ReportResolvedV1(Acted):
    """The department has dealt with it; the outcome says how."""

    outcome = Choice(RESOLVED, required=True)
    text = Lines(4000, required=True)


class ReportDeclinedV1(Acted):
    """The department will not do it, and says why."""

    outcome = Choice(DECLINED, required=True)
    text = Lines(4000, required=True)


class ReportNotedV1(Acted):
    """A note among agents; goes to the desk alone, and never to a citizen."""

    text = Lines(4000, required=True)


class ReportOverdueV1(Block):
    """A target delay has passed."""

    report = Nested(Report, required=True)
    target = Nested(Holder, required=True)
    clock = Choice(("acknowledge", "resolve"), required=True)
    due_at = Moment(required=True)


class Words(Block):
    """What people say when they mean a category, by language."""

    fr = Several(Line(100), most=40, load_default=list)
    en = Several(Line(100), most=40, load_default=list)


class CategoryLeaf(Block):
    """A category. Reports have leaves only; the tree is three deep at the most."""

    slug = CategoryPath(required=True)
    label = Nested(Label, required=True)
    active = Flag(required=True)
    kinds = Several(Choice(KINDS), most=len(KINDS), required=True)
    words = Nested(Words, load_default=None)
    children = Several(AnyObject(), most=0, load_default=list)


class Subcategory(CategoryLeaf):
    """A category in another."""

    children = Several(Nested(CategoryLeaf), most=200, load_default=list)


class Category(CategoryLeaf):
    """A category at the top of the tree."""

    children = Several(Nested(Subcategory), most=200, load_default=list)


class Department(Block):
    """A municipal service that acts. The address is the service's own, not a person's."""

    slug = Slug(required=True)
    label = Nested(Label, required=True)
    email = Email(load_default=None)


class Authority(Department):
    """A body outside the town that is competent for some reports."""

    language = Choice(LANGUAGES, required=True)
    needs_contact = Flag(required=True, metadata={"description": "Whether it answers citizens itself."})


class Former(Block):
    """A department or an authority that the town had, and that old reports name."""

    kind = Choice(("department", "authority"), required=True)
    slug = Slug(required=True)
    label = Nested(Label, required=True)


class Tool(Block):
    """A RabbitMQ user, and what it may do for the town."""

    user = Id(required=True)
    role = Choice(ROLES, required=True)
    department = Slug(load_default=None)


class Mail(Block):
    """How the town writes: `from`, an address of the town's own."""

    reply_to = Email(load_default=None)
    signature = Nested(Label, required=True)

    class Meta(Block.Meta):
        include = {"from": Email(required=True)}  # noqa: RUF012 - a keyword, so not an attribute


class Look(Block):
    """How the town's pages and mails look."""

    colour = Colour(required=True)


class Link(Block):
    """A page of the town's own web site, to which Vigie's pages lead."""

    kind = Slug(required=True, metadata={"description": "`contact`, `legal`, `privacy`; others may come."})
    url = Url(required=True)


class Choosable(Block):
    """An answer that may be chosen."""

    slug = Slug(required=True)
    label = Nested(Label, required=True)


class Question(Block):
    """What a front end may ask beside the description; never mandatory."""

    slug = Slug(required=True)
    label = Nested(Label, required=True)
    categories = Several(
        CategoryPath(),
        most=200,
        required=True,
        metadata={"description": "For which categories, and all those in them; none named: for every one."},
    )
    answers = Several(Nested(Choosable), most=200, required=True)


class TownConfiguredV1(Block):
    """A town is set up: all of its configuration that services share. Areas and rules stay in routing."""

    slug = Slug(required=True)
    name = Line(100, required=True)
    version = Count(1, required=True)
    languages = Several(Choice(LANGUAGES), least=1, most=len(LANGUAGES), required=True)
    time_zone = Line(60, required=True, metadata={"description": "IANA: `Europe/Paris`."})
    kinds = Several(Choice(KINDS), most=len(KINDS), required=True)
    categories = Several(Nested(Category), most=200, required=True)
    departments = Several(Nested(Department), most=200, required=True)
    authorities = Several(Nested(Authority), most=200, required=True)
    former = Several(Nested(Former), most=1000, load_default=list)
    tools = Several(Nested(Tool), most=200, required=True)
    mail = Nested(Mail, required=True)
    look = Nested(Look, load_default=None)
    links = Several(Nested(Link), most=20, load_default=list)
    questions = Several(Nested(Question), most=200, load_default=list)
    confirmation = Choice(CONFIRMATIONS, load_default="first")
    confirmation_days = Count(1, load_default=CONFIRMATION_DAYS)
