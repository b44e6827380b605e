"""Whether a town's configuration has arrived, as each service says on `/readyz`."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.l10n.spoken import words_of

_ = words_of("services.routing")

_PATIENCE = 5.0
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a service: whether it runs, in words what it says, and the version it has, or 0."""

    running: bool
    says: str
    version: int = 0


def await_version(
    urls: Mapping[str, str],
    town: str,
    version: int,
    timeout: float,
    say: Callable[[Mapping[str, Sight]], None] = lambda late: None,
) -> tuple[dict[str, Sight], dict[str, Sight]]:
    """Wait until every service that runs has `version` of `town`, or a newer one, at most `timeout` seconds.

    `urls`: service to its address. `say` is given the services that are late, as often as they change.
    Returns the services that run without it, then those that do not run.
    """
    deadline = time.monotonic() + timeout
    said = None
    while True:
        seen = {name: look(url, town) for name, url in urls.items()}
        late = {name: s for name, s in seen.items() if s.running and s.version < version}
        if late != said:
            say(late)
            said = late
        if not late or time.monotonic() > deadline:
            return late, {name: s for name, s in seen.items() if not s.running}
        time.sleep(_PAUSE)


def look(url: str, town: str) -> Sight:
    """Ask the service at `url`. Only where nothing listens is it not running."""
    try:
        version = json.loads(_read(f"{url.rstrip('/')}/readyz"))["towns"].get(town, 0)
    except urllib.error.URLError as exc:
        refused = isinstance(exc.reason, ConnectionRefusedError)
        return Sight(False, _("is not running")) if refused else Sight(True, _("does not answer"))
    except (OSError, http.client.HTTPException):
        return Sight(True, _("does not answer"))
    except (ValueError, LookupError, TypeError, AttributeError):
        return Sight(True, _("does not say which towns it has"))
    says = _("has version {version}", version=version) if version else _("does not have the town")
    return Sight(True, says, version)


def _read(address: str) -> bytes:
    try:
        # The address is a setting of the operator's.
        with urllib.request.urlopen(address, timeout=_PATIENCE) as answer:  # noqa: S310
            return bytes(answer.read())
    except urllib.error.HTTPError as exc:  # 503 while not ready, with the same body
        with exc:
            return exc.read()
