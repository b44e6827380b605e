"""Tools' passwords, as they stand in the environment for `vigie town apply`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from services.routing.townfiles.marked import did_you_mean
from shared.l10n.spoken import words_of
from shared.messaging import deployer

_ = words_of("services.routing")

SHORTEST = 12
"""Characters that a password must have."""


class PasswordTooShort(Exception):
    """A password that was given is easily guessed; the text names the variable, and never the password."""


def given(users: Iterable[str], environ: Mapping[str, str]) -> dict[str, str]:
    """The passwords in the environment, by user. Raises PasswordTooShort."""
    found = {user: environ.get(deployer.password_setting(user), "") for user in users}
    short = [deployer.password_setting(user) for user, text in found.items() if 0 < len(text) < SHORTEST]
    if short:
        names = ", ".join(short)
        text = _(
            "{names}: a password needs {least} characters at least; nothing was changed",
            names=names,
            least=SHORTEST,
        )
        raise PasswordTooShort(text)
    return {user: text for user, text in found.items() if text}


def of_nobody(
    users: Iterable[str], others: Iterable[str], town: str, environ: Mapping[str, str]
) -> Iterator[str]:
    """What to say of variables that no tool of this town has, `users`, nor one of another, `others`."""
    meant = [deployer.password_setting(user) for user in users]
    elsewhere = {deployer.password_setting(user) for user in others}
    for name in sorted(name for name in environ if name.startswith(deployer.SETTINGS)):
        if name not in elsewhere and name not in meant:
            hint = did_you_mean(name, meant)
            yield _("{name} is the password of no tool of {town}; {hint}", name=name, town=town, hint=hint)
