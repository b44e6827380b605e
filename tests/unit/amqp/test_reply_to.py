"""Which reply addresses RabbitMQ can have given, and what tells one place of its nodes from another."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.amqp import reply_to
from tests.support.reply_addresses import made_up

PREFIX = "amq.rabbitmq.reply-to."
OF_3_10 = f"{PREFIX}g1h2AA5yZXBseUA0ODQxNTg2MAAAAvoAAAAAawdg9A==.mJyVQ8ifTJ5n5ZyHXMdtVA=="
OF_4_0 = f"{PREFIX}g1h2AA5yZXBseUA3MTI1Mjk0OAAAAxcAAAAAawdh/w==.Bk7N/9UhIyaLwy/+pcboBQ=="
CHANNEL, SECRET = OF_3_10.removeprefix(PREFIX).split(".")


def _process(raw: bytes) -> str:
    return f"{PREFIX}{base64.b64encode(raw).decode()}.{SECRET}"


@pytest.mark.parametrize(
    ("address", "node"),
    [
        (OF_3_10, b"reply@48415860"),
        (OF_4_0, b"reply@71252948"),
        (_process(b"\x83Xw\x07reply@7" + bytes(12)), b"reply@7"),  # a short atom
        (made_up(b"reply@7", number=2**15 - 1, serial=2**13 - 1), b"reply@7"),
    ],
)
def test_the_place_of_a_real_address_is_its_node(address: str, node: bytes) -> None:
    assert reply_to.place(address) == node


@pytest.mark.parametrize(("number", "serial"), [(2**15, 0), (0, 2**13), (2**32 - 1, 2**32 - 1)])
def test_an_unusual_process_is_a_place_of_its_own(number: int, serial: int) -> None:
    address = made_up(b"reply@7", number, serial)
    assert reply_to.place(address) == base64.b64decode(address.removeprefix(PREFIX).split(".")[0])


@pytest.mark.parametrize(
    "address",
    [
        "",
        PREFIX,
        f"{PREFIX}xx.yy",
        f"{PREFIX}{CHANNEL}",
        f"{PREFIX}{CHANNEL}.{SECRET}.{SECRET}",
        f"{PREFIX}{CHANNEL}.AAAA",
        f"{PREFIX}{CHANNEL[:-1]}.{SECRET}",
        f"{PREFIX}{CHANNEL[:-4]}.{SECRET}",
        f"{OF_3_10}\n",
        OF_3_10.replace("amq", "xamq"),
        _process(b"\x83Xv\x00\x08reply@7" + bytes(12)),  # its length is another
        _process(b"\x83gv\x00\x07reply@7" + bytes(12)),  # no process of that form
        _process(b"\x83Xv\x00\x0areply@7777777777" + bytes(12)),
        _process(b"\x83Xv\x00\x08rabbit@7" + bytes(12)),
        _process(b"\x83Xv\x00\x07reply@x" + bytes(12)),
        _process(b"\x83h\x00" + bytes(12)),
    ],
)
def test_what_rabbitmq_gives_to_nobody_is_no_place(address: str) -> None:
    assert reply_to.place(address) is None


@given(st.binary(max_size=60), st.binary(max_size=20))
def test_anything_else_is_no_place_either(channel: bytes, secret: bytes) -> None:
    address = ".".join(base64.b64encode(part).decode() for part in (channel, secret))
    assert reply_to.place(PREFIX + address) is None


def test_nobody_beside_an_address_is_at_its_place_with_another_secret() -> None:
    beside = reply_to.nobody_beside(OF_3_10)
    assert beside != OF_3_10
    assert beside.rpartition(".")[0] == OF_3_10.rpartition(".")[0]
    assert reply_to.place(beside) == reply_to.place(OF_3_10)
