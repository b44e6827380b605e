"""The envelope of all that is on the bus: a CloudEvents 1.0 event as JSON, with Vigie's extensions.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
"""

from dataclasses import dataclass, field
from typing import Any, Self

import orjson
from marshmallow import ValidationError

from shared.contracts.fields import AnyObject, Block, Only
from shared.contracts.quick import reader, sound, tolerant
from shared.contracts.strict_json import parse
from shared.contracts.texts import VISIBLE, Id, Moment, Slug, Text

CONTENT_TYPE = "application/cloudevents+json"
DIGITS = r"^[0-9]+$"
TRACEPARENT = r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"


@dataclass(frozen=True, slots=True)
class Event:
    """One event, or one request or answer.

    `id` is unique per `source`; `time` is RFC 3339 text; `sequence` is ten digits that count per source and
    subject; `data` is the contract's object, which nobody changes once it is here.
    """

    id: str
    source: str
    type: str
    town: str
    time: str
    data: dict[str, Any]
    subject: str | None = None
    sequence: str | None = None
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None

    def document(self) -> dict[str, Any]:
        """The event as a JSON object; attributes that are not set are left out."""
        document = {
            "specversion": "1.0",
            "datacontenttype": "application/json",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "town": self.town,
            "time": self.time,
            "data": self.data,
        }
        for name in OPTIONAL:
            if (value := getattr(self, name)) is not None:
                document[name] = value
        return document

    def encode(self) -> bytes:
        """The event as the body of a message whose content type is `CONTENT_TYPE`."""
        return orjson.dumps(self.document())


@dataclass(frozen=True, slots=True)
class Cause:
    """What led to an event, as its attributes say it: the exchange, the event before, W3C's trace."""

    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None

    @classmethod
    def of(cls, event: Event) -> Self:
        """That `event` led to it."""
        return cls(event.correlationid or event.id, event.id, event.traceparent)

    def attributes(self) -> dict[str, str | None]:
        """The attributes of an event that this led to."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Outline:
    """What its sender is answered by where a body is no event: of each attribute, what could be read."""

    id: str | None = None
    town: str = "unknown"
    correlationid: str | None = None
    traceparent: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


NAMES = tuple(Event.__slots__)
OPTIONAL = NAMES[NAMES.index("subject") :]


class EnvelopeSchema(Block):
    """The attributes of an event. Other extensions are allowed, and passed over."""

    specversion = Only("1.0", required=True)
    id = Id(required=True)
    source = Id(required=True)
    type = Text(100, like=VISIBLE, required=True)
    town = Slug(required=True)
    time = Moment(required=True)
    datacontenttype = Only("application/json", load_default=None)
    data = AnyObject(required=True)
    subject = Id(load_default=None)
    sequence = Text(10, shortest=10, like=DIGITS, wrong="invalid", load_default=None)
    correlationid = Id(load_default=None)
    causationid = Id(load_default=None)
    traceparent = Text(55, like=TRACEPARENT, wrong="invalid", load_default=None)


_read = reader(tolerant(EnvelopeSchema()))


def decode(body: bytes) -> Event:
    """The event in a message's body.

    Raises marshmallow.ValidationError: codes by attribute, under ``_schema`` for the document as a whole.
    """
    return event(parse(body))


def outline(body: bytes) -> Outline:
    """What can be read of a body that `decode` refuses; only sound attributes, and perhaps none."""
    try:
        attributes = _read(orjson.loads(body))
    except orjson.JSONDecodeError:
        attributes = {}
    except ValidationError as exc:
        attributes = sound(exc) or {}
    return Outline(**{name: attributes[name] for name in Outline.__slots__ if name in attributes})


def check(event: Event) -> None:
    """See that an event's attributes are what they must be. Raises marshmallow.ValidationError."""
    _read(event.document())


def event(document: Any) -> Event:
    """The event that a JSON object describes. Raises marshmallow.ValidationError."""
    attributes = _read(document)
    del attributes["specversion"], attributes["datacontenttype"]
    return Event(**attributes)
