"""What the mail catcher has kept, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

_SHOWN = ("To", "Subject")


def show(folder: Path, last: int) -> None:
    """Print the `last` mails in `folder`, the newest last."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime)
    for file in files[-last:]:
        print("\n".join(_lines(_parsed(file))), end="\n\n")
    print(f"{min(last, len(files))} of {len(files)} mails" if files else "no mail was caught yet")


def _parsed(file: Path) -> EmailMessage:
    parsed = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    assert isinstance(parsed, EmailMessage)
    return parsed


def _lines(mail: EmailMessage) -> Iterator[str]:
    yield "─" * 76
    yield from (f"{name}: {mail[name]}" for name in _SHOWN)
    body = mail.get_body(("plain",))
    yield ""
    yield str(body.get_content()).strip() if body else ""
