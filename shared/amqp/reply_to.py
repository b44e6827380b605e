"""Direct reply-to addresses: the sender of a request waits for the answer on the channel that it used.

The sender writes `amq.rabbitmq.reply-to`; RabbitMQ replaces it by `amq.rabbitmq.reply-to.<channel>.<secret>`,
both parts in base64: the channel's Erlang process, on the node `reply@<number>`, and 16 random bytes.

A sender may also write such a long address itself, and RabbitMQ hands it on without a check. Whoever then
answers to a made-up one has its connection closed by the broker: in every release where it names no process,
until 3.12 also where the node does not run or the numbers are impossible. So addresses are checked here.
"""

from __future__ import annotations

import base64
import binascii
import re

_SHAPE = re.compile(r"amq\.rabbitmq\.reply-to\.[\w+/=-]+\.[\w+/=-]+", re.ASCII)
_ADDRESS = re.compile(r"amq\.rabbitmq\.reply-to\.([A-Za-z0-9+/]+={0,2})\.[A-Za-z0-9+/]{22}==")
# Erlang's external term format: a process (88), its node a short (119) or a long (118) atom with its length
# before it, then the process's number, its serial and its node's incarnation, 4 bytes each.
_PROCESS = re.compile(rb"\x83\x58(?:\x77(.)|\x76(..))(reply@[0-9]{1,9})(.{4})(.{4}).{4}", re.DOTALL)
# Below these, a number and a serial are those of a process that may have been there, in every release.
_NUMBERS, _SERIALS = 1 << 15, 1 << 13
_NOBODYS_SECRET = base64.b64encode(bytes(16)).decode()


def is_direct(address: str) -> bool:
    """Whether an answer there goes to a waiting channel or nowhere: never into a queue."""
    return _SHAPE.fullmatch(address) is not None


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
