"""How our connections treat their sockets: they read in large pieces, and are patient.

py-amqp asks the socket for a message in nine pieces, each a system call and a turn of the event loop: for a
consumer under load that is a third of its work.
"""

from __future__ import annotations

import socket
from typing import Any

_PIECE = 32 * 1024

# For kombu's `transport_options`. py-amqp lets the kernel end a connection whose other side has been busy for
# one second: a broker that slows its publishers down would be published to twice. Milliseconds.
PATIENT = {"socket_settings": {socket.TCP_USER_TIMEOUT: 20_000}}


def in_large_pieces(amqp: Any) -> None:
    """Let an open `amqp.Connection` take from its socket what is there; py-amqp keeps what is too much."""
    receive = amqp.transport._quick_recv
    amqp.transport._quick_recv = lambda wanted: receive(max(wanted, _PIECE))
