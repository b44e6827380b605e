"""Direct reply-to addresses as RabbitMQ gives them, and as somebody may make them up."""

from __future__ import annotations

import base64


def made_up(node: bytes, number: int = 1, serial: int = 0) -> str:
    """An address of the right form, at a channel of `node` (`b"reply@12345"`)."""
    numbers = b"".join(n.to_bytes(4) for n in (number, serial, 1_795_645_684))
    process = b"\x83X" + b"v" + len(node).to_bytes(2) + node + numbers
    secret = base64.b64encode(bytes(range(16)))
    return f"amq.rabbitmq.reply-to.{base64.b64encode(process).decode()}.{secret.decode()}"
