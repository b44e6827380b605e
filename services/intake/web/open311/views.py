"""GeoReport v2 over HTTP: each address ends in the form that is asked for, `.xml` or `.json`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import PathConverter

from services.intake.domain.follow_up import PageTown, page_town
from services.intake.domain.forms import FormTown, form_town
from services.intake.domain.georeport import KIND, Filter
from services.intake.domain.links import Links
from services.intake.domain.photos import PhotoRefused
from services.intake.store.photos import Owner
from services.intake.usecases import georeport
from services.intake.usecases.photo_access import key_owner
from services.intake.usecases.submissions import Refused, Submissions
from services.intake.usecases.uploads import Uploads
from services.intake.web.open311 import asking, sending
from services.intake.web.open311.documents import FORMATS, Format, answer
from services.intake.web.open311.errors import GeoReportError, refusal
from services.intake.web.open311.openapi import document
from services.intake.web.open311.showing import Showing, discovery
from services.intake.web.photo_errors import REASONS
from services.intake.web.upload_slots import LONGEST_WITH_PHOTOS, slot_for
from shared import db, towns
from shared.l10n import Language
from shared.towns import Towns
from shared.unit import Units
from shared.web import Problem, body_limit
from shared.web.pages import page_language

PREFIX = "/open311/v2"
CHANGED = datetime(2026, 11, 26, tzinfo=UTC)  # when these addresses last changed
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_MEDIA = ("media", "media[]")
_FORM = f"<any({','.join(FORMATS)}):form>"


class _Whatever(PathConverter):
    """The rest of an address, line breaks included, at which werkzeug's own stops."""

    regex = r"[^/][\s\S]*?"


@dataclass(frozen=True, slots=True)
class Open311Views:
    """The views. `gettext`: the pages' catalogue, by language."""

    pool: db.Pool
    submissions: Submissions
    uploads: Uploads
    links: Links
    gettext: Callable[[Language, str], str]
    towns: Towns[FormTown] = field(default_factory=lambda: Towns(form_town))
    page_towns: Towns[PageTown] = field(default_factory=lambda: Towns(page_town))

    def blueprint(self) -> Blueprint:
        """What these views answer."""
        pages = Blueprint("open311", __name__, url_prefix=PREFIX)
        pages.record_once(lambda state: state.app.url_map.converters.update(whatever=_Whatever))
        for path, view in (
            ("/discovery", self.discovery),
            ("/services", self.services),
            ("/services/<path:code>", self.definition),
            ("/requests", self.find),
            ("/requests/<reference>", self.one),
            ("/tokens/<token>", self.token),
            ("/servicerequestupdates", self.updates),
        ):
            pages.add_url_rule(f"{path}.{_FORM}", view_func=view)
        pages.add_url_rule(f"/requests.{_FORM}", "send", self.send, methods=["POST"])
        pages.add_url_rule("/openapi.json", view_func=self.openapi)
        pages.add_url_rule("/<whatever:other>", "unknown", _unknown, methods=_METHODS)
        pages.register_error_handler(GeoReportError, _told)
        pages.register_error_handler(Problem, _problem)
        pages.register_error_handler(HTTPException, _http_error)
        return pages

    def discovery(self, form: Format) -> Response:
        """Where this is, and what it speaks."""
        return answer("discovery", discovery(f"{self.links.base_url}{PREFIX}", CHANGED), form)

    def openapi(self) -> Response:
        """All of this as an OpenAPI document."""
        return answer("openapi", document(f"{self.links.base_url}{PREFIX}"), "json")

    def services(self, form: Format) -> Response:
        """What can be sent to a town."""
        return answer("services", self._showing(self._town()).services(), form)

    def definition(self, code: str, form: Format) -> Response:
        """One service, with its questions."""
        showing = self._showing(self._town())
        if not showing.town.has(KIND, code):
            raise refusal(404, "service_code provided was not found")
        return answer("service_definition", showing.definition(code), form)

    @body_limit(LONGEST_WITH_PHOTOS)
    def send(self, form: Format) -> Response:
        """Send a report."""
        with slot_for(self.uploads):
            owner, language = self._owner(), page_language(request)
            parameters = request.form.to_dict()
            self._check(parameters, owner, language)  # nothing is kept of what is refused
            photos = self._taken(owner, language)
        sent = sending.submission(parameters, owner, photos, language)
        with Units(self.pool).open() as unit:
            (outcome,) = self.submissions.submit(unit, [sent])
        if isinstance(outcome, Refused):
            raise sending.refused(outcome.errors, language)
        receipt = {
            "service_request_id": outcome.report.reference,
            "service_notice": outcome.tracking_url,
            "account_id": None,
        }
        return answer("service_requests", [receipt], form)

    def _check(self, parameters: asking.Parameters, owner: Owner, language: Language) -> None:
        """Raises GeoReportError with all that is wrong, where the form alone is."""
        try:
            sending.submission(parameters, owner, (), language)
        except GeoReportError as wrong:
            code = asking.given(parameters, "service_code") or None
            with Units(self.pool).open() as unit:
                more = self.submissions.errors_of_part(unit, owner.town, owner.tool, KIND, code, ())
            raise wrong.with_more(sending.described(more, language)) from None

    def find(self, form: Format) -> Response:
        """Reports of a town, the newest first."""
        return self._found(self._town(), asking.filter_of(request.args), form)

    def one(self, reference: str, form: Format) -> Response:
        """One report."""
        return self._found(self._town(), _named(reference), form, must_be=True)

    def token(self, token: str, form: Format) -> Response:
        """The report that a token is for; every report has its id at once, which is its token."""
        with self.pool.connection() as conn:
            found = georeport.shown(conn, self._town(), _named(token), None)
        if not found:
            raise refusal(404, "token was not found")
        named = [{"service_request_id": each.reference, "token": each.reference} for each in found]
        return answer("service_requests", named, form)

    def updates(self, form: Format) -> Response:
        """What happened to the reports that `service_request_id` names."""
        named = asking.listed(request.args, "service_request_id")
        if not named:
            raise refusal(400, "service_request_id was not provided")
        town = self._town()
        with self.pool.connection() as conn:
            found = georeport.updates(conn, town, named, _tool(conn, town))
        showing = self._showing(town)
        return answer("service_request_updates", [showing.update(each) for each in found], form)

    def _found(self, town: str, wanted: Filter, form: Format, must_be: bool = False) -> Response:
        with self.pool.connection() as conn:
            found = georeport.shown(conn, town, wanted, _tool(conn, town))
        if must_be and not found:
            raise refusal(404, "service_request_id provided was not found")
        showing, extended = self._showing(town), request.args.get("extensions") == "true"
        return answer("service_requests", [showing.request(each, extended) for each in found], form)

    def _town(self) -> str:
        with self.pool.connection() as conn:
            return asking.jurisdiction(request.values, sorted(towns.versions(conn)))

    def _showing(self, town: str) -> Showing:
        language = page_language(request)
        with self.pool.connection() as conn:
            known = self.towns.current(conn, [town])[town], self.page_towns.current(conn, [town])[town]
        return Showing(
            *known,
            language,
            lambda text: self.gettext(language, text),
            lambda photo: self.links.photo(town, photo, "full"),
        )

    def _owner(self) -> Owner:
        """Whose key it is, for the town that is meant. Raises GeoReportError."""
        town = self._town()
        with self.pool.connection() as conn:
            owner = _key_owner(conn, town)
        if owner is None:
            raise refusal(403, "api_key is missing")
        return owner

    def _taken(self, owner: Owner, language: Language) -> tuple[str, ...]:
        files = [file for name in _MEDIA for file in request.files.getlist(name) if file.filename]
        try:
            return tuple(self.uploads.take(owner, file.read()).id for file in files)
        except PhotoRefused as refused:
            status, words = REASONS[refused.reason]
            raise refusal(429 if status == 429 else 400, f"media: {words.in_language(language)}") from None


def _key_owner(conn: db.Connection, town: str) -> Owner | None:
    """Who asks, where they say it. Raises GeoReportError where the key is none of this town."""
    key = asking.given(request.values, "api_key")
    owner = key_owner(conn, key)
    if key and (owner is None or owner.town != town):
        raise refusal(403, "api_key is invalid")
    return owner


def _tool(conn: db.Connection, town: str) -> str | None:
    owner = _key_owner(conn, town)
    return owner.tool if owner else None


def _named(reference: str) -> Filter:
    """One report; a text that no reference can be finds none."""
    return Filter(CHANGED, CHANGED, references=asking.items(reference) or ("",))


def _form() -> Format:
    """The form of the present request, XML where it does not say."""
    ending = request.path.rpartition(".")[2]
    return ending if ending in FORMATS else "xml"


def _unknown(other: str) -> Response:
    if request.method not in ("GET", "HEAD"):
        raise Problem(405)
    raise refusal(404, "There is no such address: each ends in .xml or .json")


def _told(refused: GeoReportError) -> Response:
    said = [{"code": refused.status, "description": each} for each in refused.descriptions]
    made = answer("errors", said, _form(), refused.status)
    if refused.retry_after is not None:
        made.headers["Retry-After"] = str(refused.retry_after)
    return made


def _problem(problem: Problem) -> Response:
    made = _told(refusal(problem.status, problem.title.in_language(page_language(request))))
    made.headers.update(problem.headers)
    return made


def _http_error(error: HTTPException) -> Response:
    return _told(refusal(error.code or 500, error.name))
