"""What analytics reads of others' events: only what is counted, so nothing else can be kept by mistake."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marshmallow import Schema, fields

from shared.contracts.fields import AnyObject, Block, Choice, Count, Flag, Number, Several
from shared.contracts.kinds import KINDS
from shared.contracts.states import DECLINED, RESOLVED, TARGET_KINDS, WITHDRAWN
from shared.contracts.texts import CategoryPath, Moment, Slug


class Place(Block):
    """A point on earth."""

    latitude = Number(-90, 90, required=True)
    longitude = Number(-180, 180, required=True)


class Report(Block):
    """What is counted of a report."""

    kind = Choice(KINDS, required=True)
    category = CategoryPath(required=True)
    place = fields.Nested(Place, load_default=None)
    submitted_at = Moment(required=True)


class OfReport(Block):
    """A report's fact: `submitted`, `triaged`."""

    report = fields.Nested(Report, required=True)


class ByDepartment(OfReport):
    """A fact of a department."""

    department = Slug(required=True)


class Resolved(ByDepartment):
    """How a department dealt with it."""

    outcome = Choice(RESOLVED, required=True)


class Declined(ByDepartment):
    """Why a department does not."""

    outcome = Choice(DECLINED, required=True)


class ByAuthority(OfReport):
    """A fact of an authority."""

    authority = Slug(required=True)


class ByItsAuthor(OfReport):
    """What its author has done; who had the report then."""

    department = Slug(load_default=None)
    authority = Slug(load_default=None)


class Withdrawn(ByItsAuthor):
    """Why its author takes it back."""

    reason = Choice(WITHDRAWN, required=True)


class Rated(ByItsAuthor):
    """Whether its author is satisfied."""

    satisfied = Flag(required=True)


class Holder(Block):
    """Who has a report; `id` is null in triage."""

    kind = Choice(TARGET_KINDS, required=True)
    id = Slug(load_default=None)


class ByHolder(OfReport):
    """A fact of whoever has the report: `overdue`."""

    target = fields.Nested(Holder, required=True)


class Town(Block):
    """What is used of a town's configuration. The whole of it is kept, as it came."""

    version = Count(1, required=True)
    categories = Several(AnyObject(), most=200, required=True)


# What is read of each thing that happens to a report.
READS: Mapping[str, type[Schema]] = MappingProxyType(
    {
        "submitted": OfReport,
        "routed": ByDepartment,
        "forwarded": ByAuthority,
        "triaged": OfReport,
        "acknowledged": ByDepartment,
        "planned": ByDepartment,
        "resolved": Resolved,
        "declined": Declined,
        "withdrawn": Withdrawn,
        "reopened": ByItsAuthor,
        "rated": Rated,
        "overdue": ByHolder,
    }
)
