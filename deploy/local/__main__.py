"""`python -m deploy.local COMMAND`: the local stack; `make` is its usual caller."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import sys
from collections.abc import Iterator

from deploy.local import packages, paths, process, say
from deploy.local.servers import Servers


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One command at a time in a checkout; another one waits."""
    with paths.LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say.line("another command is at work in this checkout: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def servers(options: argparse.Namespace) -> None:
    """Start the servers only."""
    if options.browser:
        packages.ensure(packages.BROWSER)
    Servers().up()


def down(options: argparse.Namespace) -> None:
    """Stop everything."""
    Servers().down()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (servers, down):
        sub = commands.add_parser(command.__name__, help=command.__doc__)
        sub.set_defaults(command=command)
        if command is servers:
            sub.add_argument("--browser", action="store_true", help="also what browser tests need")
    return parser


def main() -> int:
    """Run one command; return its exit status."""
    options = _parser().parse_args()
    try:
        paths.make_folders()
        with alone():
            options.command(options)
    except (say.Trouble, PermissionError) as trouble:
        print(f"\n  {trouble}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
