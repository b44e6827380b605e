"""`python3 -m deploy.local.setup [test] [bench]`: make `.venv`. Needs nothing but the standard library."""

from __future__ import annotations

import sys

from deploy.local import paths, say, venv
from deploy.local.alone import alone


def main(groups: list[str]) -> int:
    """Make or refresh `.venv` with these dependency groups; return the exit status."""
    try:
        paths.make_folders()
        with alone():
            venv.ensure(groups)
    except (say.Trouble, OSError) as trouble:
        print(f"\n  {trouble}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
