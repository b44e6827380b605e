"""The address of a report's tracking page."""

from __future__ import annotations

from services.intake.domain import signing


def tracking_url(base_url: str, secret: str, town: str, report_id: str) -> str:
    """Where the author follows the report: always the same address, which nobody can guess or alter."""
    return f"{base_url}/suivi/{signing.sign(secret, 'tracking', town, report_id)}"


def read_token(secret: str, token: str) -> tuple[str, str] | None:
    """(town, report id) of a token that `tracking_url` made, or None."""
    names = signing.read(secret, "tracking", token, 2)
    return None if names is None else (names[0], names[1])
