"""What goes wrong wherever servers are needed."""

from __future__ import annotations


class Unavailable(Exception):
    """The database or the broker cannot be reached: nothing is wrong with any message, so all wait."""
