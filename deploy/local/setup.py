"""`python3 -m deploy.local.setup [test] [bench] [servers] [browser]`: make `.venv` for what comes next.

Needs nothing but the standard library.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from deploy.local import given, packages, paths, say, venv
from deploy.local.alone import alone


def main(words: Sequence[str]) -> int:
    """Make or refresh `.venv` with the dependency groups among `words`; return the exit status.

    `servers`, `browser`: what comes next needs these Debian packages. Those that it could not install are
    named first, before anything is downloaded.
    """
    try:
        paths.make_folders()
        with alone():
            packages.check(_packages(words))
            venv.ensure([word for word in words if word in venv.LOCKS])
    except (say.Trouble, OSError) as trouble:
        print(f"\n  {trouble}", file=sys.stderr)
        return 1
    return 0


def _packages(words: Sequence[str]) -> dict[str, str]:
    addresses = given.servers_given(os.environ, paths.CONNECTIONS)
    servers = packages.of_servers(addresses) if "servers" in words else {}
    browser = packages.BROWSER | packages.WEB_SERVER if "browser" in words else {}
    return servers | browser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
