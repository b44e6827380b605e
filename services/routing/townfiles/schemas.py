"""The shape of each file of a town. What a field should look like is its `hint`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validates_schema

from services.routing.domain.times import PRIORITIES, WEEKDAYS
from services.routing.townfiles.fieldkinds import (
    DELAY,
    SLUG,
    Address,
    Email,
    Flag,
    KeptDays,
    ListOf,
    Number,
    OneOf,
    RuleName,
    Slug,
    Slugs,
    Text,
    Time,
    closed,
    colour,
    fits,
    holidays,
    hours,
    short_words,
    zone,
)
from shared.contracts.kinds import CONFIRMATIONS, KINDS, ROLES
from shared.l10n import LANGUAGES
from shared.l10n.spoken import N_, words_of

_ = words_of("services.routing")


class Part(Schema):
    class Meta:
        unknown = RAISE


class Label(Part):
    fr = Text(N_("words in French"), required=True)
    en = Text(N_("words in English"), required=True)


def Labelled(**options: Any) -> fields.Nested:
    metadata = {"hint": N_("words in both languages, as in {fr: Voirie, en: Roads}")}
    return fields.Nested(Label, metadata=metadata, **options)


class Centre(Part):
    latitude = Number(-90, 90, N_("degrees, -90 to 90"), required=True)
    longitude = Number(-180, 180, N_("degrees, -180 to 180"), required=True)


_DAILY = ("weekdays", "opens", "closes")
_MISSING = fields.Field.default_error_messages["required"]


class WorkingTime(Part):
    weekdays = ListOf(OneOf(WEEKDAYS), least=1)
    opens = Time("08:30")
    closes = Time("17:30")
    hours = fields.Dict(
        keys=OneOf(WEEKDAYS),
        values=ListOf(Text(N_('as in "08:30-12:00"'), hours)),
        metadata={"hint": '{monday: ["08:30-12:00", "13:30-17:30"], …}'},
    )
    holidays = Text(N_("a country, or one of its parts, as in FR or FR-67"), holidays, load_default="FR")
    closed = ListOf(
        Text(N_('a day, as in "2026-12-24", or "2026-12-24/2027-01-02", both included'), closed),
        load_default=list,
    )

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _one_way(self, data: Any, original: Any, **_options: Any) -> None:
        """Hours by weekday, or the same on some weekdays."""
        if not isinstance(original, dict):
            return
        if "hours" not in original:
            wrong = {name: _MISSING for name in _DAILY if name not in original}
        else:
            wrong = {name: _("cannot stand beside 'hours'") for name in _DAILY if name in original}
        if wrong:
            raise ValidationError({name: [message] for name, message in wrong.items()})


Mail = Part.from_dict(
    {
        "from": Email(required=True),
        "reply_to": Email(load_default=None),
        "signature": Labelled(required=True),
    },
    name="Mail",
)


class Look(Part):
    colour = Text(N_('in quotes, as in "#0b5563"'), colour, required=True)


class Links(Part):
    contact = Address(load_default=None)
    legal = Address(load_default=None)
    privacy = Address(load_default=None)


class TownFile(Part):
    slug = Slug(required=True)
    name = Text(N_("the town's name"), short_words, required=True)
    languages = ListOf(OneOf(LANGUAGES), least=1, load_default=list(LANGUAGES))
    time_zone = Text(N_("as in Europe/Paris"), zone, required=True)
    kinds = ListOf(OneOf(KINDS), required=True)
    confirmation = OneOf(CONFIRMATIONS, load_default="first")
    confirmation_days = KeptDays()
    centre = fields.Nested(Centre, required=True, metadata={"hint": "{latitude: …, longitude: …}"})
    facts = fields.Dict(keys=Slug(), values=Text(N_("text in quotes")), load_default=dict)
    working_time = fields.Nested(WorkingTime, required=True, metadata={"hint": "{hours: {…}, holidays: …}"})
    look = fields.Nested(Look, metadata={"hint": '{colour: "#0b5563"}'})
    links = fields.Nested(Links, metadata={"hint": "{contact: https://…, legal: …, privacy: …}"})
    mail = fields.Nested(Mail, required=True, metadata={"hint": "{from: …, signature: {fr: …, en: …}}"})


class Words(Part):
    fr = ListOf(Text(N_("a word or a short phrase"), short_words), most=40, load_default=list)
    en = ListOf(Text(N_("a word or a short phrase"), short_words), most=40, load_default=list)


class CategoryNode(Part):
    slug = Slug(required=True)
    label = Labelled(required=True)
    active = Flag(load_default=True)
    kinds = ListOf(OneOf(KINDS), least=1)
    words = fields.Nested(Words, load_default=dict, metadata={"hint": "{fr: [frigo, matelas], en: [fridge]}"})
    children = ListOf(fields.Nested(lambda: CategoryNode()), load_default=list)

    @validates_schema
    def _words_of_leaves(self, data: Any, **_options: Any) -> None:
        """What can be sent are leaves, so only they are proposed."""
        if data["words"] and data["children"]:
            raise ValidationError(
                {"words": [_("a category with others in it has words; give them to those")]}
            )


class Answer(Part):
    slug = Slug(required=True)
    label = Labelled(required=True)


class Question(Part):
    slug = Slug(required=True)
    label = Labelled(required=True)
    categories = Slugs(load_default=list)
    answers = ListOf(fields.Nested(Answer), least=2, required=True)


class CategoriesFile(Part):
    categories = ListOf(fields.Nested(CategoryNode), least=1, required=True)
    questions = ListOf(fields.Nested(Question), load_default=list)


class Department(Part):
    slug = Slug(required=True)
    label = Labelled(required=True)
    email = Email(load_default=None)
    example = Flag(load_default=False)


class DepartmentsFile(Part):
    departments = ListOf(fields.Nested(Department), least=1, required=True)


class Authority(Department):
    language = OneOf(LANGUAGES, load_default="fr")
    needs_contact = Flag(load_default=False)


class AuthoritiesFile(Part):
    authorities = ListOf(fields.Nested(Authority), required=True)


class Layer(Part):
    layer = Slug(required=True)
    label = Labelled(required=True)


class Layers(Part):
    inner = ListOf(fields.Nested(Layer), load_default=list)
    town = fields.Nested(Layer, required=True, metadata={"hint": N_("the layer of the town's outline")})
    around = fields.Nested(Layer, load_default=None)


class CompetenceRule(Part):
    rule = RuleName(required=True)
    label = Labelled(required=True)
    competent = Text(N_("'town' or an authority's slug"), fits(SLUG), required=True)
    areas = Slugs(least=1, required=True)
    categories = Slugs(least=1)


class CompetenceFile(Part):
    layers = fields.Nested(Layers, required=True, metadata={"hint": "{inner: […], town: …, around: …}"})
    rules = ListOf(fields.Nested(CompetenceRule), load_default=list)


class DispatchRule(Part):
    rule = RuleName(required=True)
    label = Labelled(required=True)
    department = Slug(required=True)
    kinds = ListOf(OneOf(KINDS), least=1)
    categories = Slugs(least=1)
    areas = Slugs(least=1)
    answers = fields.Dict(keys=Slug(), values=Slugs(least=1), metadata={"hint": "{question: [answer, …]}"})
    hours = Text(N_('local time in quotes, as in "20:00-06:00"'), hours)
    weekdays = ListOf(OneOf(WEEKDAYS), least=1)
    sources = ListOf(Text(N_("a front end's user"), fits(SLUG)), least=1)
    priority = OneOf(PRIORITIES, load_default="normal")


class RulesFile(Part):
    rules = ListOf(fields.Nested(DispatchRule), required=True)


DELAY_HINT = N_("as in '2 working days' or '4 calendar hours'")


class Targets(Part):
    acknowledge = Text(DELAY_HINT, fits(DELAY))
    resolve = Text(DELAY_HINT, fits(DELAY))


class DelayRule(Targets):
    categories = Slugs(least=1, required=True)
    priority = OneOf(PRIORITIES)


class DelaysFile(Part):
    default = fields.Nested(Targets, required=True, metadata={"hint": "{acknowledge: …, resolve: …}"})
    forwarded = fields.Nested(Targets, required=True, metadata={"hint": "{resolve: …}"})
    triage = fields.Nested(Targets, required=True, metadata={"hint": "{acknowledge: …}"})
    delays = ListOf(fields.Nested(DelayRule), load_default=list)


class Tool(Part):
    user = Text(N_("a RabbitMQ user, as in gentilly-web"), fits(SLUG), required=True)
    role = OneOf(ROLES, required=True)
    department = Slug(load_default=None)


class ToolsFile(Part):
    tools = ListOf(fields.Nested(Tool), least=1, required=True)


class Properties(Part):
    slug = Slug(required=True)
    label = Labelled(required=True)
    width = Number(1, 1000, N_("a line's width in metres, 1 to 1000"), load_default=None)
    example = Flag(load_default=False)


class Feature(Part):
    type = OneOf(("Feature",), required=True)
    id = fields.Raw()  # of the drawing program; areas go by their slug
    bbox = fields.Raw()
    properties = fields.Nested(Properties, required=True, metadata={"hint": "{slug: …, label: …}"})
    geometry = fields.Dict(required=True, metadata={"hint": N_("a GeoJSON geometry")})


def _degrees(crs: Any) -> None:
    """Drawing programs still write what RFC 7946 has fixed: degrees of WGS 84."""
    if not any(name in str(crs) for name in ("CRS84", "EPSG::4326", "EPSG:4326")):
        raise ValidationError(_("is another system of coordinates"))


class LayerFile(Part):
    type = OneOf(("FeatureCollection",), required=True)
    name = fields.Raw()  # of the drawing program, as are the next two
    bbox = fields.Raw()
    crs = fields.Raw(
        validate=_degrees, metadata={"hint": N_("degrees (WGS 84): save the layer as EPSG:4326")}
    )
    note = Text(N_("a remark for people"))
    features = ListOf(fields.Nested(Feature), least=1, most=5000, required=True)


FILES: Mapping[str, type[Part]] = {
    "town.yaml": TownFile,
    "categories.yaml": CategoriesFile,
    "departments.yaml": DepartmentsFile,
    "authorities.yaml": AuthoritiesFile,
    "competence.yaml": CompetenceFile,
    "rules.yaml": RulesFile,
    "delays.yaml": DelaysFile,
    "tools.yaml": ToolsFile,
}
