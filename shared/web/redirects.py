"""Redirects, without a body: flask's own have a page in English."""

from __future__ import annotations

from flask import Response


def see_other(address: str) -> Response:
    """What was asked for is at `address`, to be fetched by GET (303)."""
    return Response(status=303, headers={"Location": address})
