"""Links that carry their own proof: whoever holds one may see what it names, and nobody can make another."""

from __future__ import annotations

import hashlib
from functools import cache

from itsdangerous import BadSignature, Signer

_BETWEEN = "~"


@cache
def _signer(secret: str, purpose: str) -> Signer:
    return Signer(secret, salt=f"vigie.intake.{purpose}", key_derivation="hmac", digest_method=hashlib.sha256)


def sign(secret: str, purpose: str, *names: str) -> str:
    """A token that names `names` (no `~` in them) for one purpose; the same ones give the same token."""
    return _signer(secret, purpose).sign(_BETWEEN.join(names)).decode()


def read(secret: str, purpose: str, token: str, count: int) -> list[str] | None:
    """The `count` names of a token that `sign` made for this purpose, or None for any other text."""
    try:
        names = _signer(secret, purpose).unsign(token).decode().split(_BETWEEN)
    except (BadSignature, UnicodeError):
        return None
    return names if len(names) == count else None
