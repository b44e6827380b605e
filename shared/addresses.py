"""Mail addresses: how their domains are written in ASCII, and by what two of them are one."""

from __future__ import annotations

from functools import lru_cache

import idna


class AddressError(ValueError):
    """It cannot be written to. Says nothing of the address itself."""


def in_ascii(address: str) -> str:
    """`address` as it goes over the wire: its domain by IDNA 2008 (`ada@xn--fa-hia.de` for `ada@faß.de`).

    Upper case, NFC, NFD and `xn--` forms of a domain are one; ß and ς stay themselves, and lead elsewhere
    than ss and σ. The local part is left alone, and must be ASCII (no SMTPUTF8). Raises AddressError.
    """
    local, _, domain = address.rpartition("@")
    if not (local and local.isascii() and domain):
        raise AddressError("bad address")
    return f"{local}@{_ascii_domain(domain)}"


def same_person(address: str) -> str:
    """By which a person is known again: local part in lower case, domain in ASCII. Raises AddressError."""
    return in_ascii(address).lower()


@lru_cache(10_000)
def _ascii_domain(domain: str) -> str:
    """Most addresses are of a few domains, and encoding one takes long."""
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise AddressError("bad address") from None
