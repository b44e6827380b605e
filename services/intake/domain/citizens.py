"""How a person is known again."""

from __future__ import annotations


def email_key(email: str) -> str:
    """By which a person is known again: the address without regard to case."""
    return email.strip().casefold()
