"""Every mail, in every language, for every kind of report."""

import re
from dataclasses import replace

import pytest

from services.notification import domain
from services.notification.domain import Notice
from services.notification.mail import rendering, wording
from services.notification.mail.rendering import Content
from shared.contracts.kinds import KINDS
from shared.contracts.states import DECLINED, RESOLVED
from shared.l10n import LANGUAGES
from tests.support import mails, reading_order, reports
from tests.unit.notification.page_text import text_of

OUTCOMES = {"report.resolved.v1": RESOLVED, "report.declined.v1": DECLINED}
ALL = [
    (fact, notice, outcome, kind, language)
    for fact, notices in domain.NOTICES.items()
    for notice in notices
    for outcome in OUTCOMES.get(fact, ("",))
    for kind in KINDS
    for language in LANGUAGES
]


def written(
    fact: str,
    notice: Notice,
    outcome: str = "",
    kind: str = "problem",
    language: str = "fr",
    **of_report: object,
) -> Content:
    event = mails.happened(
        fact, reports.report(kind=kind, **of_report), **({"outcome": outcome} if outcome else {})
    )
    delivery = mails.delivery(notice, event, language)
    return rendering.render(
        notice.template, language, wording.variables(delivery, mails.town(), mails.CONTACT, language)
    )


@pytest.mark.parametrize(("fact", "notice", "outcome", "kind", "language"), ALL)
def test_every_mail_is_whole(fact: str, notice: Notice, outcome: str, kind: str, language: str) -> None:
    content = written(fact, notice, outcome, kind, language)

    assert "GEN-7K3M-9QX2" in content.subject
    assert "\n" not in content.subject
    for said in (content.text, text_of(content.html)):
        assert "GEN-7K3M-9QX2" in said
        assert ("Nid-de-poule" if language == "fr" else "Pothole") in said
        assert ("12 rue Charles-Frérot" in said) is (notice.template != "confirm")
        assert "place Henri-Barbusse" in said
    assert f'<html lang="{language}">' in content.html
    assert max(map(len, content.text.splitlines())) < 200


@pytest.mark.parametrize("language", ["fr", "en"])
def test_mail_that_asks_to_confirm_has_that_link_alone_and_nothing_that_was_written(language: str) -> None:
    (notice,) = domain.notices("report.kept.v1")
    content = written("report.kept.v1", notice, "", "problem", language)

    for said in (content.text, content.html):
        assert "/confirmer/" in said
        assert "/suivi/" not in said
        assert "Trou devant" not in said


@pytest.mark.parametrize(("fact", "notice", "outcome", "kind", "language"), ALL)
def test_text_and_html_say_the_same(
    fact: str, notice: Notice, outcome: str, kind: str, language: str
) -> None:
    content = written(fact, notice, outcome, kind, language)

    missing = words(content.text) - words(text_of(content.html))

    assert not missing


# A mark of French without its space, or with one at which a line may break.
BARE = re.compile(r"«(?![\u00a0\u202f])|(?<![\u00a0\u202f])(?:»|[:;?!](?=\s|$))")
MARKED = "Le trou « devant l’école » : où est-il ? Là ! Vite ; merci"
STYLE = re.compile(r"<style>.*</style>", re.DOTALL)


@pytest.mark.parametrize(
    ("fact", "notice", "outcome", "kind", "language"), [case for case in ALL if case[-1] == "fr"]
)
def test_no_line_breaks_at_a_mark_of_french(
    fact: str, notice: Notice, outcome: str, kind: str, language: str
) -> None:
    """What stands before them pushes the marks to every place of a line, over its edge too."""
    why = {"fr": MARKED, "en": MARKED}
    reason = {"rule": "R1", "rule_set": "1", "reason": why, "plain_reason": why}
    may_have = {"text": MARKED, "decision": reason}
    more = {name: may_have[name] for name in notice.details if name in may_have}
    more |= {"outcome": outcome} if outcome else {}
    for pushed in range(0, 76, 5):
        about = reports.report(kind=kind, description=f"{'x' * pushed} {MARKED}", answers={MARKED: MARKED})
        delivery = mails.delivery(notice, mails.happened(fact, about, **more), language)
        variables = wording.variables(delivery, mails.town(name=MARKED), mails.CONTACT, language)
        content = rendering.render(notice.template, language, variables)
        said = (content.subject, content.text, text_of(STYLE.sub("", content.html)))
        assert not [text[max(0, m.start() - 30) :][:40] for text in said for m in BARE.finditer(text)]


def test_other_languages_have_plain_spaces() -> None:
    content = written("report.submitted.v1", domain.notices("report.submitted.v1")[0], language="en")
    assert not set("\u00a0\u202f") & set(content.subject + content.text + content.html)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fact", [fact for fact, notices in domain.NOTICES.items() if notices])
def test_the_wording_differs_by_kind(fact: str, language: str) -> None:
    notice = domain.notices(fact)[0]
    outcome = OUTCOMES.get(fact, ("",))[0]
    subjects = {written(fact, notice, outcome, kind, language).subject for kind in KINDS}

    assert len(subjects) == len(KINDS)


@pytest.mark.parametrize(("fact", "notice", "outcome"), list(dict.fromkeys(case[:3] for case in ALL)))
def test_what_people_wrote_finds_its_own_direction(fact: str, notice: Notice, outcome: str) -> None:
    place = {"latitude": 48.81, "longitude": 2.34, "address": "حفرة address"}
    about = reports.report(
        description="حفرة description", answers={"حفرة asked": "حفرة answered"}, place=place
    )
    more = {name: "حفرة text" for name in notice.details if name == "text"}
    event = mails.happened(fact, about, **more, **({"outcome": outcome} if outcome else {}))
    contact = replace(mails.CONTACT, first_name="حفرة", last_name="حفرة")
    delivery = mails.delivery(notice, event)
    html = rendering.render(
        notice.template, "fr", wording.variables(delivery, mails.town(), contact, "fr")
    ).html

    assert reading_order.unmarked(html, "حفرة") == []


def test_hour_of_the_night_is_no_ordinal() -> None:
    receipt = domain.notices("report.submitted.v1")[0]
    text = flat(written("report.submitted.v1", receipt, submitted_at="2026-11-22T00:41:00Z").text)

    assert "Reçu le : dimanche 22 novembre 2026 à 1 h 41" in text


def test_the_receipt_says_what_the_law_wants() -> None:
    text = flat(written("report.submitted.v1", domain.notices("report.submitted.v1")[0]).text)

    assert "Reçu le : dimanche 22 novembre 2026 à 10 h 05" in text
    assert "Chargé du dossier : La ville de Gentilly" in text
    assert "01 23 45 67 89" in text
    assert "L112-11" in text
    assert mails.CONTACT.tracking_url in text


def test_a_forwarded_report_is_told_as_the_law_wants() -> None:
    text = flat(written("report.forwarded.v1", domain.notices("report.forwarded.v1")[0]).text)

    assert "L’organisme compétent est : RATP." in text
    assert "L114-2" in text
    assert "Pourquoi cet organisme : Voirie" in text
    assert "ne lui sont pas communiqués" in text


def test_rules_are_for_those_who_act() -> None:
    """The citizen is told why in plain words; the authority by which rule too."""
    for fact in ("report.routed.v1", "report.forwarded.v1"):
        for notice in domain.notices(fact):
            content = written(fact, notice)
            named = "voirie-1" in flat(content.text) + content.html
            assert named == (notice.recipient == "authority"), notice


def test_a_decision_of_before_is_told_without_its_reason() -> None:
    decision = {"rule": "R1", "rule_set": "1", "reason": {"fr": "Par la règle R1", "en": "By rule R1"}}
    event = mails.happened("report.routed.v1", decision=decision)
    variables = wording.variables(
        mails.delivery(domain.notices(event.type)[0], event), mails.town(), mails.CONTACT, "fr"
    )
    text = flat(rendering.render("routed", "fr", variables).text)
    assert "Pourquoi ce service" not in text
    assert "R1" not in text


@pytest.mark.parametrize("outcome", ["done", "nothing_found"])
def test_what_to_do_about_a_problem_that_is_still_there_is_said_once(outcome: str) -> None:
    notice = domain.notices("report.resolved.v1")[0]
    problem = flat(written("report.resolved.v1", notice, outcome).text)
    assert problem.count("Envoyez un nouveau signalement") == 1
    assert "Vous pouvez y répondre" not in problem
    assert "Vous pouvez y répondre" in flat(written("report.resolved.v1", notice, outcome, "praise").text)


def test_the_citizen_learns_who_may_get_the_contact() -> None:
    event = mails.happened("report.forwarded.v1", authority="bailleur")
    delivery = mails.delivery(domain.notices(event.type)[0], event)
    variables = wording.variables(delivery, mails.town(), mails.CONTACT, "fr")

    assert "que si vous l’avez accepté" in flat(rendering.render("forwarded", "fr", variables).text)


def test_deadlines_are_given_in_the_town_s_own_time() -> None:
    clocks = {"acknowledge_by": "2026-11-30T23:30:00Z", "resolve_by": None}
    event = mails.happened("report.routed.v1", clocks=clocks)
    variables = wording.variables(
        mails.delivery(domain.notices(event.type)[0], event), mails.town(), mails.CONTACT, "fr"
    )
    text = flat(rendering.render("routed", "fr", variables).text)

    assert "Pris en compte au plus tard le : mardi 1er décembre 2026 à 0 h 30" in text
    assert "Traité au plus tard" not in text


def test_deadline_at_midnight_is_the_day_that_ends() -> None:
    clocks = {"acknowledge_by": "2026-11-25T23:00:00Z", "resolve_by": "2026-11-27T23:00:00Z"}
    event = mails.happened("report.routed.v1", clocks=clocks)
    variables = wording.variables(
        mails.delivery(domain.notices(event.type)[0], event), mails.town(), mails.CONTACT, "fr"
    )
    text = flat(rendering.render("routed", "fr", variables).text)

    assert "Pris en compte au plus tard le : mercredi 25 novembre 2026" in text
    assert "Traité au plus tard le : vendredi 27 novembre 2026" in text
    assert "samedi 28" not in text


def test_praise_has_no_deadline() -> None:
    clocks = {"acknowledge_by": "2026-11-30T23:30:00Z", "resolve_by": "2026-11-30T23:30:00Z"}
    event = mails.happened("report.routed.v1", reports.report(kind="praise"), clocks=clocks)
    variables = wording.variables(
        mails.delivery(domain.notices(event.type)[0], event), mails.town(), mails.CONTACT, "fr"
    )

    assert "2026 à 0 h 30" not in flat(rendering.render("routed", "fr", variables).text)


def test_nothing_found_never_reads_as_mended() -> None:
    content = written("report.resolved.v1", domain.notices("report.resolved.v1")[0], "nothing_found")

    assert "traité" not in content.subject + content.text
    assert "n’a pas trouvé" in flat(content.text)


def test_the_authority_gets_the_report_but_the_author_only_with_consent() -> None:
    photos = [{"id": "p", "url": "https://intake.example/p/1", "thumbnail_url": "https://intake.example/p/2"}]
    event = mails.happened("report.forwarded.v1", reports.report(photos=photos), authority="bailleur")
    delivery = mails.delivery(domain.notices(event.type)[1], event)

    def handover(contact: domain.Contact | None) -> Content:
        variables = wording.variables(delivery, mails.town(), contact, "fr")
        return rendering.render("handover", "fr", variables)

    without, with_contact = handover(None), handover(mails.CONTACT)
    for said in (without.text, without.html):
        assert "https://intake.example/p/1" in said
        assert "geo:48.81371,2.34466" in said
        assert "openstreetmap.org" in said
        assert "Ada" not in said
        assert "ada@example.org" not in said
    assert "Nom : Ada Martin" in flat(with_contact.text)
    assert "Courriel : ada@example.org" in flat(with_contact.text)
    assert mails.CONTACT.tracking_url not in with_contact.text + with_contact.html


def test_a_report_without_a_place_has_no_line_for_it() -> None:
    text = written("report.submitted.v1", domain.notices("report.submitted.v1")[0], place=None).text

    assert "Lieu" not in text


def test_a_place_without_an_address_is_given_by_its_coordinates() -> None:
    place = {"latitude": 48.81371, "longitude": -2.3}
    text = written("report.submitted.v1", domain.notices("report.submitted.v1")[0], place=place).text

    assert "Lieu : 48.81371, -2.30000" in flat(text)


def flat(text: str) -> str:
    """Without the line breaks of the layout; hard spaces as plain ones."""
    return " ".join(text.split())


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"[\w’-]+", text) if any(map(str.isalnum, word))}
