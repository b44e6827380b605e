"""Reading what the broker sends in large pieces.

py-amqp asks the socket for a message in nine pieces, each a system call and a turn of the event loop: for a
consumer under load that is a third of its work.
"""

from __future__ import annotations

from typing import Any

_PIECE = 32 * 1024


def in_large_pieces(amqp: Any) -> None:
    """Let an open `amqp.Connection` take from its socket what is there; py-amqp keeps what is too much."""
    receive = amqp.transport._quick_recv
    amqp.transport._quick_recv = lambda wanted: receive(max(wanted, _PIECE))
