"""What goes over the wire, whatever stands in a label, a name or a subject."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification.errors import NoAddress
from services.notification.mail.message import Envelope, compose, message_id
from services.notification.mail.rendering import Content

NOW = datetime(2026, 11, 22, 10, 5, tzinfo=UTC)
ID = "<6f6d7d1c-0000-5000-8000-000000000001@gentilly.example>"
HEADERS = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
]
nasty = st.text(max_size=120) | st.sampled_from(
    ["a\r\nBcc: x@example.org", 'Évry "sud" <a@b>', "é" * 100, "=?utf-8?q?x?=", "a\u2028b", "\ud800"]
)


def mail(
    subject: str = "S", name: str = "Ville de Gentilly", text: str = "T", **envelope: str
) -> EmailMessage:
    addressed = Envelope(
        **{
            "sender": "signalements@gentilly.example",
            "sender_name": name,
            "recipient": "ada@example.org",
            "reply_to": "accueil@gentilly.example",
            **envelope,
        }
    )
    made = compose(addressed, Content(subject, text, f"<p>{text}</p>"), "fr", ID, NOW)
    message = message_from_bytes(made.body, policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    return message


def test_a_mail_has_the_headers_of_an_automaton_s_mail() -> None:
    message = mail("Signalement reçu", text="Bonjour é")

    assert list(message) == HEADERS
    assert message["From"] == "Ville de Gentilly <signalements@gentilly.example>"
    assert message["To"] == "ada@example.org"
    assert message["Subject"] == "Signalement reçu"
    assert message["Message-ID"] == ID
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "fr"
    assert message["Date"].datetime == NOW


def test_text_comes_before_html() -> None:
    message = mail(text="Bonjour é")
    kinds = [part.get_content_type() for part in message.iter_parts()]
    texts = [part.get_content().strip() for part in message.iter_parts()]

    assert kinds == ["text/plain", "text/html"]
    assert texts == ["Bonjour é", "<p>Bonjour é</p>"]


@settings(deadline=None)
@given(subject=nasty, name=nasty, recipient_name=nasty)
def test_no_header_can_be_smuggled_in(subject: str, name: str, recipient_name: str) -> None:
    message = mail(subject, name, recipient_name=recipient_name)

    assert list(message) == HEADERS
    assert [str(a.addr_spec) for a in message["To"].addresses] == ["ada@example.org"]
    assert [str(a.addr_spec) for a in message["From"].addresses] == ["signalements@gentilly.example"]


@settings(deadline=None)
@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=3000))
def test_the_wire_carries_short_ascii_lines(text: str) -> None:
    addressed = Envelope("a@b.example", "B", "c@d.example")
    body = compose(addressed, Content("S", text, text), "fr", ID, NOW).body

    assert body.isascii()
    assert all(len(line) <= 998 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b\r\nBcc: x@example.org",
        "a@b.example, c@d.example",
        "é@example.org",
        "a b@example.org",
        "a@" + "x" * 70 + ".example",
        "<a@b.example>",
        "@example.org",
    ],
)
def test_what_is_no_address_is_not_written_to(address: str) -> None:
    with pytest.raises(NoAddress) as caught:
        mail(recipient=address)

    assert caught.value.cause == "bad_address"
    assert address not in str(caught.value) or not address


def test_a_domain_with_accents_is_reached() -> None:
    assert mail(recipient="ada@café.example")["To"] == "ada@xn--caf-dma.example"


def test_a_message_id_is_the_delivery_s() -> None:
    assert message_id("6f6d7d1c-0000-5000-8000-000000000001", "signalements@gentilly.example") == ID


def test_a_long_message_id_is_not_folded_apart() -> None:
    domain = ".".join(["signalements"] * 8) + ".example"
    addressed = Envelope(f"a@{domain}", "B", "c@d.example")
    long_id = message_id("6f6d7d1c-0000-5000-8000-000000000001", f"a@{domain}")
    body = compose(addressed, Content("S", "T", "T"), "fr", long_id, NOW).body

    assert long_id.encode() in body


@pytest.mark.parametrize("name", ["Propreté", "Éclairage public", "Voirie", "Médiathèque été"])
def test_no_space_of_a_subject_is_lost(name: str) -> None:
    subject = f"Votre signalement GEN-7K3M-9QX2 est confié au service «\u00a0{name}\u00a0»"
    assert str(mail(subject)["Subject"]) == subject
