"""How a person is known again, and whom the key of the first release took for one."""

from __future__ import annotations

from shared.addresses import AddressError, in_ascii, same_person


def email_key(email: str) -> str:
    """By which a person is known again. Raises AddressError."""
    return same_person(email.strip())


def was_folded(email: str) -> bool:
    """Whether the first release took this address for another: `straße` for `strasse`."""
    try:
        return email_key(email.strip().casefold()) != email_key(email)
    except AddressError:
        return True


def first_mailed_to(email: str) -> str:
    """The domain to which the first release sent this address's mails, in ASCII (IDNA 2003)."""
    domain = email.rpartition("@")[2]
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return ""


def mailed_elsewhere(email: str) -> bool:
    """Whether that was another's domain: `fass.de` for `faß.de`."""
    first = first_mailed_to(email).lower()
    try:
        return bool(first) and first != in_ascii(email).rpartition("@")[2]
    except AddressError:
        return False


def may_have_twin(email: str) -> bool:
    """Whether another domain had the same key: one with ß for ss, or with ς for σ at the end of a word."""
    domain = email.rpartition("@")[2].casefold()
    return "ss" in domain or "σ" in domain
