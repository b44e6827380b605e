"""Mail addresses are judged quickly where they are plain; the verdict is always the library's."""

from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from shared.contracts.texts import deliverable


def library_takes(address: str) -> bool:
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


def we_take(address: str) -> bool:
    try:
        deliverable(address)
    except ValidationError:
        return False
    return True


LOCAL = st.text("aZ0+_-.'@ é\"", min_size=0, max_size=70)
DOMAIN = st.sampled_from(
    [
        "example.org",
        "orange.fr",
        "a..b",
        "-a.fr",
        "localhost",
        "é.fr",
        "x" * 64 + ".fr",
        "127.0.0.1",
        "a.test",
    ]
)


@given(LOCAL, DOMAIN)
def test_an_address_is_taken_where_the_library_takes_it(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    assert we_take(address) == library_takes(address)


@pytest.mark.parametrize(
    "address",
    ["ada", "@", "a@", "@example.org", "a.@example.org", ".a@example.org", "a..b@example.org", "a@b@c.fr"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    assert not library_takes(address)
    assert not we_take(address)


@pytest.mark.parametrize(
    "address", ["ada@example.org", "Ada.Martin+vigie@orange.fr", "a" * 64 + "@example.org"]
)
def test_plain_addresses_are_taken_again_and_again(address: str) -> None:
    assert library_takes(address)
    assert we_take(address)
    assert we_take(address)
