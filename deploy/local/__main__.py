"""`python -m deploy.local COMMAND`: the local stack; `make` is its usual caller."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from deploy.local import node, packages, paths, say, stack
from deploy.local.alone import alone
from deploy.local.mails import show

# As LSB's init scripts say it: the program is not running.
_NOT_RUNNING = 3


def servers(browser: bool) -> None:
    """start the servers only"""
    with alone():
        if browser:
            _install_browser()
            packages.ensure(packages.WEB_SERVER)
        stack.start_servers()


def browser() -> None:
    """install what browser tests need"""
    with alone():
        _install_browser()


def _install_browser() -> None:
    packages.ensure(packages.BROWSER)
    node.ensure()


def up() -> None:
    """start servers and services in the background, return when ready"""
    with alone():
        stack.up()


def run() -> None:
    """start everything, show the logs, stop on Ctrl-C"""
    up()
    stack.Foreground().show()
    down()


def down() -> None:
    """stop everything"""
    with alone():
        stack.down()


def status() -> int:
    """say what runs; the exit status is 3 unless everything does"""
    return 0 if stack.status() else _NOT_RUNNING


def mails(last: int) -> None:
    """show the last mails that the catcher kept"""
    show(paths.MAIL, last)


def reset() -> None:
    """stop everything and delete its data"""
    with alone():
        stack.reset()


_COMMANDS: tuple[Callable[..., int | None], ...] = (servers, browser, up, run, down, status, mails, reset)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description="Run Vigie on this machine.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        sub = commands.add_parser(command.__name__, help=command.__doc__)
        sub.set_defaults(command=command)
        if command is mails:
            sub.add_argument("last", nargs="?", type=int, default=5, metavar="N", help="how many: 5")
        if command is servers:
            sub.add_argument("--browser", action="store_true", help="also install what tests alone need")
    return parser


def main() -> int:
    """Run one command; return its exit status."""
    options = vars(_parser().parse_args())
    try:
        paths.make_folders()
        return options.pop("command")(**options) or 0
    except BrokenPipeError:
        sys.stderr.close()  # whoever reads has seen enough
        return 0
    except (say.Trouble, PermissionError) as trouble:
        print(f"\n  {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n  interrupted: `make down` stops what has been started", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
