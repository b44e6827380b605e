"""Links that carry their own proof: whoever holds one may see what it names, and nobody can make another."""

from __future__ import annotations

import hashlib
from functools import cache

from itsdangerous import BadData, URLSafeSerializer


@cache
def _serializer(secret: str, purpose: str) -> URLSafeSerializer:
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(secret, salt=f"vigie.intake.{purpose}", signer_kwargs=options)


def sign(secret: str, purpose: str, *names: str) -> str:
    """A token that names `names` for one purpose; the same ones give the same token."""
    token = _serializer(secret, purpose).dumps(names)
    return token if isinstance(token, str) else token.decode()


def read(secret: str, purpose: str, token: str, count: int) -> list[str] | None:
    """The `count` names of a token that `sign` made for this purpose, or None for any other text."""
    try:
        names = _serializer(secret, purpose).loads(token)
    except BadData:
        return None
    return names if isinstance(names, list) and len(names) == count else None
