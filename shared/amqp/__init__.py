"""RabbitMQ's protocol: publishing with confirms, answers, questions, the management API."""

from shared.amqp.answers import Answers
from shared.amqp.publisher import Outgoing, Publisher

__all__ = ["Answers", "Outgoing", "Publisher"]
