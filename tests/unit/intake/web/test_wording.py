"""What the page says: every state in both languages, and dates as people write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from services.intake import web
from services.intake.domain.follow_up import FollowUp, Step
from services.intake.web.tracking import draw
from services.intake.web.wording import ENDS, KINDS, STATES, UNKNOWN, Words, state_of
from shared.branding import Branding
from shared.l10n import Label, Language
from shared.l10n.catalogues import catalogue
from shared.web import StaticFiles
from shared.web.pages import Pages
from tests.support import reading_order

PARIS = ZoneInfo("Europe/Paris")
SENT = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
ROADS, PARKS = Label("Voirie", "Roads"), Label("Espaces verts", "Parks")
PROMISED, LATER = datetime(2026, 12, 1, 22, 59, tzinfo=UTC), datetime(2026, 12, 20, 12, tzinfo=UTC)


def _report(*steps: Step, kind: str = "problem") -> FollowUp:
    label = Label("Nid-de-poule", "Pothole")
    return FollowUp(Branding("Gentilly"), PARIS, "fr", "GEN-1", kind, label, "Trou", None, SENT, steps)


PAGES = Pages("services.intake.web", StaticFiles("shared.web"))


def _words(language: Language, report: FollowUp) -> Words:
    return Words(language, report, lambda text: PAGES.gettext(language, text))


def _page(report: FollowUp, language: Language = "fr") -> str:
    with Flask("test").app_context():
        return draw(
            PAGES, language, report, lambda photo, size: f"/photos/{photo}/{size}", "/suivi/x"
        ).get_data(as_text=True)


class TestFollowUp:
    def test_report_to_which_nothing_happened_was_received(self) -> None:
        assert _report().now == Step(SENT, "submitted")
        assert _report().until is None

    def test_last_state_is_where_it_is(self) -> None:
        routed, taken = Step(SENT, "routed", ROADS, until=PROMISED), Step(SENT, "acknowledged", PARKS)
        assert _report(routed, taken).now == taken
        assert _report(routed, taken).holder == PARKS
        assert _report(routed, taken).until == PROMISED

    def test_being_late_is_no_state_to_be_in(self) -> None:
        routed = Step(SENT, "routed", ROADS, until=PROMISED)
        assert _report(routed, Step(SENT, "overdue", ROADS)).now == routed

    def test_last_promise_counts(self) -> None:
        steps = Step(SENT, "routed", ROADS, until=PROMISED), Step(SENT, "routed", PARKS, until=LATER)
        assert _report(*steps).until == LATER

    @pytest.mark.parametrize("end", ["resolved", "declined"])
    def test_what_has_ended_promises_nothing(self, end: str) -> None:
        assert _report(Step(SENT, "routed", ROADS, until=PROMISED), Step(SENT, end, ROADS)).until is None

    def test_other_bodies_promise_nothing(self) -> None:
        """The town's own target is no promise of the body that has it now."""
        routed, late = Step(SENT, "routed", ROADS, until=PROMISED), Step(SENT, "overdue")
        forwarded = Step(SENT, "forwarded", Label.same("RATP"), until=LATER)
        assert _report(forwarded).until is None
        assert _report(routed, forwarded).until is None
        assert _report(forwarded, replace(routed, until=LATER)).until == LATER
        assert [step.state for step in _report(forwarded, late).history] == ["submitted", "forwarded"]
        assert late in _report(routed, late).history

    def test_last_reason_counts_while_the_report_is_where_it_led(self) -> None:
        why = Label("Parce que la rubrique est « Voirie ».", "Because the category is “Roads”.")
        routed = Step(SENT, "routed", ROADS, why)
        assert _report(routed, Step(SENT, "acknowledged", ROADS)).reason == why
        assert _report(routed, Step(SENT, "routed", PARKS)).reason is None
        assert _report(routed, Step(SENT, "triaged")).reason is None
        assert _report().reason is None

    def test_history_begins_with_its_sending(self) -> None:
        assert [step.state for step in _report(Step(SENT, "triaged")).history] == ["submitted", "triaged"]


class TestWords:
    @pytest.mark.parametrize("kind", KINDS)
    def test_citizen_is_told_what_it_was(self, kind: str) -> None:
        assert _words("en", _report(kind=kind)).kind() == KINDS[kind]
        assert _words("fr", _report(kind=kind)).kind() != KINDS[kind]

    def test_holder_is_named_where_it_changes(self) -> None:
        steps = [
            Step(SENT, state, holder)
            for state, holder in (
                ("routed", ROADS),
                ("acknowledged", ROADS),
                ("routed", PARKS),
                ("resolved", PARKS),
            )
        ]
        told = _words("fr", _report(*steps)).history()
        assert [step.holder for step in told] == ["", "Voirie", "", "Espaces verts", ""]
        assert _words("fr", _report(*steps)).now().holder == "Espaces verts"

    @pytest.mark.parametrize(
        ("due", "said"),
        [
            (datetime(2026, 11, 27, 23, tzinfo=UTC), "vendredi 27 novembre 2026"),  # midnight in Paris
            (datetime(2026, 11, 27, 16, 30, tzinfo=UTC), "vendredi 27 novembre 2026"),
            (datetime(2026, 11, 27, 23, 1, tzinfo=UTC), "samedi 28 novembre 2026"),
        ],
    )
    def test_last_day_in_time_is_named(self, due: datetime, said: str) -> None:
        assert _words("fr", _report(Step(SENT, "routed", ROADS, until=due))).until() == said

    def test_hour_of_the_night_is_no_ordinal(self) -> None:
        at_night = replace(_report(), submitted_at=datetime(2026, 11, 22, 0, 41, tzinfo=UTC))
        assert _words("fr", at_night).history()[0].at == "22 novembre 2026 à 1\u00a0h\u00a041"

    def test_label_without_english_is_said_in_french(self) -> None:
        assert (
            _words("en", _report(Step(SENT, "routed", Label.of({"fr": "Voirie"})))).now().holder == "Voirie"
        )

    @pytest.mark.parametrize(
        ("language", "point", "said", "geo"),
        [
            ("fr", (48.8130, 2.3420), "48,8130°\u00a0N, 2,3420°\u00a0E", "geo:48.813000,2.342000"),
            ("en", (48.8130, 2.3420), "48.8130°\u00a0N, 2.3420°\u00a0E", "geo:48.813000,2.342000"),
            ("fr", (-12.5, -0.12346), "12,5000°\u00a0S, 0,1235°\u00a0O", "geo:-12.500000,-0.123460"),
            ("en", (0.0, -179.99999), "0.0000°\u00a0N, 180.0000°\u00a0W", "geo:0.000000,-179.999990"),
        ],
    )
    def test_place_is_said_by_its_coordinates(
        self, language: Language, point: tuple[float, float], said: str, geo: str
    ) -> None:
        words = _words(language, replace(_report(), point=point))
        assert (words.point(), words.geo()) == (said, geo)

    @pytest.mark.parametrize("address", [None, "12 rue Frérot"])
    def test_place_opens_on_any_map_and_in_a_telephones_own(self, address: str | None) -> None:
        page = _page(replace(_report(), address=address, point=(48.813, 2.342)))
        on_map = "https://www.openstreetmap.org/?mlat=48.81300&amp;mlon=2.34200#map=18/48.81300/2.34200"
        assert f'<a href="{on_map}" rel="external noreferrer">Voir sur OpenStreetMap</a>' in page
        assert '<a href="geo:48.813000,2.342000">48,8130°\u00a0N' in page
        assert ("12 rue Frérot" in page) is (address is not None)

    @pytest.mark.parametrize(("address", "shown"), [("12 rue Frérot", True), (None, False)])
    def test_place_without_a_point_is_its_address(self, address: str | None, shown: bool) -> None:
        page = _page(replace(_report(), address=address))
        assert ("<dt>Lieu</dt>" in page) is shown
        assert "openstreetmap" not in page

    @pytest.mark.parametrize("written", ["حفرة", "בור", "hole"])
    def test_what_people_wrote_finds_its_own_direction(self, written: str) -> None:
        label = Label.same(f"{written} label")
        steps = (
            Step(SENT, "routed", label, reason=label, text=f"{written} first"),
            Step(SENT, "resolved", label, outcome="done", text=f"{written} last"),
        )
        report = replace(_report(*steps), description=f"{written} description", address=f"{written} address")
        for part in ("label", "first", "last", "description", "address"):
            assert reading_order.unmarked(_page(report), f"{written} {part}") == []

    def test_no_place_is_no_place(self) -> None:
        words = _words("fr", _report())
        assert (words.point(), words.geo(), words.map_url()) == ("", "", "")

    @pytest.mark.parametrize(
        ("outcome", "title"), [("done", "Dealt with"), ("nothing_found", "Nothing was found")]
    )
    def test_closed_never_reads_as_mended(self, outcome: str, title: str) -> None:
        assert state_of(Step(SENT, "resolved", outcome=outcome)).title == title
        assert state_of(Step(SENT, "resolved", outcome="something new")).title == "Closed"
        assert STATES["resolved"].look != STATES["resolved/done"].look

    @given(st.text(), st.none() | st.text())
    def test_state_that_is_not_known_yet_is_said_somehow(self, state: str, outcome: str | None) -> None:
        told = state_of(Step(SENT, state, outcome=outcome))
        assert told is UNKNOWN or told in STATES.values()


class TestLine:
    @pytest.mark.parametrize(
        ("states", "line"),
        [
            (
                [],
                [
                    ("Reçu", "present"),
                    ("Confié à un service", "ahead"),
                    ("Pris en compte", "ahead"),
                    ("Traité", "ahead"),
                ],
            ),
            (
                ["triaged"],
                [
                    ("Reçu", "past"),
                    ("À l’étude", "present"),
                    ("Confié à un service", "ahead"),
                    ("Pris en compte", "ahead"),
                    ("Traité", "ahead"),
                ],
            ),
            (
                ["triaged", "routed", "acknowledged", "planned"],
                [
                    ("Reçu", "past"),
                    ("Confié à un service", "past"),
                    ("Pris en compte", "past"),
                    ("Intervention prévue", "present"),
                    ("Traité", "ahead"),
                ],
            ),
            (["forwarded"], [("Reçu", "past"), ("Transmis", "present")]),
            (
                ["routed", "declined"],
                [("Reçu", "past"), ("Confié à un service", "past"), ("Clos", "present")],
            ),
            (
                ["routed", "acknowledged", "routed"],
                [
                    ("Reçu", "past"),
                    ("Confié à un service", "present"),
                    ("Pris en compte", "ahead"),
                    ("Traité", "ahead"),
                ],
            ),
            (
                ["routed", "overdue"],
                [
                    ("Reçu", "past"),
                    ("Confié à un service", "present"),
                    ("Pris en compte", "ahead"),
                    ("Traité", "ahead"),
                ],
            ),
        ],
    )
    def test_report_is_somewhere_on_its_way(self, states: list[str], line: list[tuple[str, str]]) -> None:
        assert _words("fr", _report(*(Step(SENT, state) for state in states))).line() == line

    @given(st.lists(st.sampled_from([*STATES, "something new"])))
    def test_one_place_is_the_present_and_nothing_past_comes_after_it(self, states: list[str]) -> None:
        steps = (Step(SENT, name.split("/")[0]) for name in states)
        places = [place for _, place in _words("fr", _report(*steps)).line()]
        assert places.count("present") == 1
        assert places == sorted(places, key=["past", "present", "ahead"].index)


class TestCatalogue:
    def _said(self) -> set[str]:
        """Everything that this service's templates and tables may say, beside the shared words."""
        made = PAGES.environment("fr")
        said = {
            title
            for state in [*STATES.values(), UNKNOWN]
            for title in (state.title, state.sentence, state.holder)
        }
        own = Path(web.__file__).parent / "templates"
        for path in own.rglob("*.html"):
            name = path.relative_to(own).as_posix()
            source, _, _ = made.loader.get_source(made, name)  # type: ignore[union-attr]
            found = made.extract_translations(source)  # type: ignore[attr-defined]
            said |= {text if isinstance(text, str) else text[0] for _, _, text in found}
        shared = {message.id for message in catalogue("shared.web", "web", "fr")}
        return (said | {*KINDS.values(), *ENDS.values()}) - shared

    def test_everything_is_translated_and_nothing_else(self) -> None:
        translated = {
            message.id: message for message in catalogue("services.intake.web", "web", "fr") if message.id
        }
        assert set(translated) == self._said()
        assert all(message.string and not message.fuzzy for message in translated.values())

    def test_placeholders_are_kept(self) -> None:
        for message in catalogue("services.intake.web", "web", "fr"):
            assert not list(message.check()), message.id

    def test_french_has_no_breaking_space_before_its_signs(self) -> None:
        for message in catalogue("services.intake.web", "web", "fr"):
            assert not any(f" {sign}" in message.string for sign in ":;!?»"), message.id
