"""Mails that were caught, as a person reads them."""

from __future__ import annotations

import os
from email.message import EmailMessage
from pathlib import Path

import pytest

from deploy.local.mails import show


def _caught(folder: Path, number: int) -> None:
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "ada@example.org", f"Confirmez votre signalement n°{number}"
    mail.set_content(f"Ouvrez https://example.org/confirmer/{'x' * 90}={number}")
    file = folder / f"{number:03}.eml"
    file.write_bytes(mail.as_bytes())
    os.utime(file, (number, number))


def test_the_last_five_are_shown_with_whole_links(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(8):
        _caught(tmp_path, number)
    show(tmp_path, 5)
    said = capsys.readouterr().out
    assert [n for n in range(8) if f"signalement n°{n}" in said] == [3, 4, 5, 6, 7]
    assert f"/confirmer/{'x' * 90}=7\n" in said


def test_no_mail_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show(tmp_path, 5)
    assert capsys.readouterr().out == "no mail was caught yet\n"
