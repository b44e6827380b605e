import pytest

from services.notification.errors import MailSettingWrong
from services.notification.mail.smtp import MailServer
from services.notification.settings import mail_settings
from shared.settings import SettingMissing


def test_sending_needs_a_server() -> None:
    with pytest.raises(SettingMissing, match="SMTP_URL"):
        mail_settings({})


def test_sending_can_be_off() -> None:
    assert not mail_settings({"MAIL_SENDING": "off"}).sending


def test_delays_can_be_set() -> None:
    read = mail_settings({"SMTP_URL": "smtp://a", "MAIL_RETRY_DELAYS": "1,2", "MAIL_AWAY_DELAY": "0.5"})

    assert (read.delays, read.away_delay) == ((1.0, 2.0), 0.5)


def test_lists_can_be_made_to_fit_the_mail_server() -> None:
    read = mail_settings({"SMTP_URL": "smtp://a", "MAIL_SENDERS": "1", "MAIL_LIST_SIZE": "20"})

    assert (read.senders, read.list_size) == (1, 20)


def test_three_days_of_attempts_by_default() -> None:
    read = mail_settings({"SMTP_URL": "smtp://a"})
    waits = [read.delays[min(n, len(read.delays)) - 1] for n in range(1, read.most_attempts)]

    assert 3 * 24 * 3600 <= sum(waits) <= 4 * 24 * 3600


def test_a_mail_in_hand_is_nobody_else_s_until_the_server_must_have_answered() -> None:
    read = mail_settings({"SMTP_URL": "smtp://a"})

    assert 4 * read.smtp_timeout + read.data_timeout < read.sending_claim


@pytest.mark.parametrize("url", ["http://a", "smtp://", "", "smtp://user:secret@a"])
def test_a_server_that_cannot_be_used_is_named_without_the_password(url: str) -> None:
    with pytest.raises(MailSettingWrong) as caught:
        MailServer(url, 1, 1)

    assert "secret" not in str(caught.value)
