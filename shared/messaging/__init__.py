"""Messages in batches: what a service consumes, and what becomes of each message."""

from shared.messaging.answers import answer
from shared.messaging.batch import Batch
from shared.messaging.events import EventConsumer, On, keep_configuration
from shared.messaging.message import Key, Message, RawMessage, measure_age
from shared.messaging.outcome import Outcome, Overtaken, Park, Retry
from shared.messaging.processor import Consumer, Processor
from shared.messaging.requests import Errors, Rejection, RequestConsumer, language
from shared.messaging.resources import ConsumerFactory, Loop, Resources

__all__ = [
    "Batch",
    "Consumer",
    "ConsumerFactory",
    "Errors",
    "EventConsumer",
    "Key",
    "Loop",
    "Message",
    "On",
    "Outcome",
    "Overtaken",
    "Park",
    "Processor",
    "RawMessage",
    "Rejection",
    "RequestConsumer",
    "Resources",
    "Retry",
    "answer",
    "keep_configuration",
    "language",
    "measure_age",
]
