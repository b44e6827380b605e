"""Direct reply-to addresses: who asks waits for the answer on the channel that it asks on.

In place of the bare name RabbitMQ writes `amq.rabbitmq.reply-to.<channel>.<secret>`, each in base64: the
channel's Erlang process, on the node `reply@<number>`, and 16 random bytes. What a sender writes there itself
it passes on unread, and fails when something is sent there: until 4.0 on what is no process at all, until
3.12 on nodes that do not run, too, and on some numbers of processes.
"""

from __future__ import annotations

import base64
import binascii
import re

_ADDRESS = re.compile(r"amq\.rabbitmq\.reply-to\.([A-Za-z0-9+/]+={0,2})\.[A-Za-z0-9+/]{22}==")
# Erlang's external term format: a process (88), its node a short (119) or a long (118) atom with its length
# before it, then the process's number, its serial and its node's incarnation, 4 bytes each.
_PROCESS = re.compile(rb"\x83\x58(?:\x77(.)|\x76(..))(reply@[0-9]{1,9})(.{4})(.{4}).{4}", re.DOTALL)
# Below these, a number and a serial are those of a process that may have been there, in every release.
_NUMBERS, _SERIALS = 1 << 15, 1 << 13
_NOBODYS_SECRET = base64.b64encode(bytes(16)).decode()


def place(address: str) -> bytes | None:
    """What `address` must share with one where the broker can send, to be as safe: its node, as a rule.

    The whole process, where its number is unusual; None where RabbitMQ gives no such address.
    """
    process = _process(address)
    if process is None:
        return None
    number, serial = (int.from_bytes(process[group]) for group in (4, 5))
    return process[3] if number < _NUMBERS and serial < _SERIALS else process[0]


def nobody_beside(address: str) -> str:
    """An address at the same channel that nobody can have."""
    return f"{address.rpartition('.')[0]}.{_NOBODYS_SECRET}"


def _process(address: str) -> re.Match[bytes] | None:
    parts = _ADDRESS.fullmatch(address)
    try:
        found = parts and _PROCESS.fullmatch(base64.b64decode(parts[1], validate=True))
    except binascii.Error:
        return None
    return found if found and int.from_bytes(found[1] or found[2]) == len(found[3]) else None
