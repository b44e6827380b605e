"""What people wrote stays text in a mail, brings no link, and names nobody outside the town hall."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification import domain
from services.notification.mail import rendering, wording
from tests.support import mails, reports
from tests.unit.notification.page_text import Tags

HOSTILE = "x\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>{{ 7*7 }}%(town)s\u202e\x00\u2028"


def test_what_somebody_wrote_brings_no_link_to_an_address_that_nobody_checked() -> None:
    event = mails.happened(
        "report.submitted.v1", reports.report(description="Gagnez sur https://evil.example !")
    )
    delivery = mails.delivery(domain.notices(event.type)[0], event)
    content = rendering.render(
        "receipt", "fr", wording.variables(delivery, mails.town(), mails.CONTACT, "fr")
    )

    assert "evil.example" not in content.text + content.html


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200) | st.just(HOSTILE), template=st.sampled_from(("receipt", "handover")))
def test_what_somebody_wrote_stays_text(text: str, template: str) -> None:
    about = {**reports.report(), "description": text, "answers": {text: text}}
    about["place"] = {"latitude": 1.0, "longitude": 1.0, "address": text}
    event = mails.happened("report.forwarded.v1")
    event.data["report"] = about
    notice = next(n for f in domain.NOTICES.values() for n in f if n.template == template)
    labels = {"fr": text or "-", "en": text or "-"}
    town = domain.town(
        1, {**mails.configuration(), "name": text, "mail": {**mails.MAIL, "signature": labels}}
    )
    contact = domain.Contact("ada@example.org", text, text, text)
    content = rendering.render(
        template, "fr", wording.variables(mails.delivery(notice, event), town, contact, "fr")
    )

    tags = Tags()
    tags.feed(content.html)
    assert not tags.seen & {"script", "img", "iframe", "form", "input", "object", "svg"}
    assert "\n" not in content.subject
    assert all(href.startswith(("https://", "http://")) for href in tags.links)


def test_an_agent_s_words_are_quoted_line_by_line() -> None:
    event = mails.happened("report.resolved.v1", text="Fait.\n\n-- \nAccueil\n> <b>Merci</b>")
    delivery = mails.delivery(domain.notices(event.type)[0], event)
    content = rendering.render(
        "resolved", "fr", wording.variables(delivery, mails.town(), mails.CONTACT, "fr")
    )

    assert "> Fait.\n>\n> --\n> Accueil\n> > <b>Merci</b>\n" in content.text
    assert "&lt;b&gt;Merci&lt;/b&gt;" in content.html


def test_what_leaves_the_town_hall_names_nobody_and_the_author_reads_what_they_wrote() -> None:
    event = mails.happened("report.forwarded.v1")
    event.data["report"] = {
        **reports.report(),
        "description": "Mme Hopper, 06 12 34 56 78, gare sa voiture AB-123-CD",
        "answers": {"danger": "grace@example.org"},
    }
    for notice in domain.notices(event.type):
        said = wording.variables(mails.delivery(notice, event), mails.town(), mails.CONTACT, "fr")
        outward = notice.recipient == "authority"
        assert ("Hopper" in said["description"], "06 12" in said["description"]) == (not outward, not outward)
        assert ("[nom masqué]" in said["description"]) == outward
        assert not outward or said["answers"] == [("danger", "[adresse masquée]")]
