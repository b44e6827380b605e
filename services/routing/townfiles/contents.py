"""The text of one of a town's files: of a regular file inside the town's folder, and of sensible size."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from services.routing.townfiles.marked import Mistake, Unreadable
from shared.l10n.spoken import N_, words_of

_ = words_of("services.routing")

LARGEST = 2 * 1024 * 1024
"""Bytes that a file may have: outlines of a few dozen points take some thousands."""

_SORTS = (
    (stat.S_ISDIR, N_("a folder")),
    (stat.S_ISFIFO, N_("a pipe")),
    (stat.S_ISSOCK, N_("a socket")),
    (stat.S_ISCHR, N_("a device")),
    (stat.S_ISBLK, N_("a device")),
)


def text_of(directory: Path, name: str) -> str:
    """The text of the file `name` in a town's folder. Raises Unreadable."""
    content = _content(directory, name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(Mistake(name, line, _("not UTF-8"), _("save the file as UTF-8"))) from error


def _content(directory: Path, name: str) -> bytes:
    try:
        return _read(_inside(directory, name), name)
    except FileNotFoundError:
        link = (directory / name).is_symlink()
        message = _("a link that leads nowhere") if link else _("missing file")
        raise _refused(name, message, _("every town has one")) from None
    except OSError as error:
        hint = _("a file that you may read must be there")
        raise _refused(name, _("cannot be read: {error}", error=error.strerror), hint) from error


def _inside(directory: Path, name: str) -> str:
    """Where the file really lies: links are followed, but not out of the folder."""
    folder = os.path.realpath(directory, strict=True)
    path = os.path.realpath(directory / name, strict=True)
    if os.path.commonpath((folder, path)) != folder:
        message = _("a link that leads out of the town's folder")
        raise _refused(name, message, _("put the file itself there"))
    return path


def _read(path: str, name: str) -> bytes:
    # Looked at before it is opened: to open a pipe waits for a writer, to open a device may do anything.
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode):
        what = _(next((sort for is_so, sort in _SORTS if is_so(mode)), N_("something else")))
        message = _("{what}, where a file should be", what=what)
        raise _refused(name, message, _("put a plain file there"))
    with open(path, "rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        hint = _("leave out what the town does not need; a few dozen points are enough for an outline")
        raise _refused(name, _("larger than {size} MiB", size=LARGEST // 1024**2), hint)
    return content


def _refused(name: str, message: str, hint: str) -> Unreadable:
    return Unreadable(Mistake(name, 1, message, hint))
