"""Photos over HTTP: upload with a front end's key, and the addresses by which they are shown."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from services.intake.domain.links import Links
from services.intake.domain.photos import MAX_BYTES, PhotoRefused, object_names
from services.intake.store.photos import Owner
from services.intake.usecases import photo_access
from services.intake.usecases.uploads import Uploads
from services.intake.web import photo_errors as errors
from shared import db
from shared.objects import ObjectStore
from shared.web import Problem, body_limit

_FRAMING = 64 * 1024  # what a form adds to the photo itself


class PhotoViews:
    """The views of photos."""

    def __init__(self, pool: db.Pool, links: Links, store: ObjectStore, uploads: Uploads) -> None:
        self._pool = pool
        self._links = links
        self._store = store
        self._uploads = uploads

    def blueprint(self) -> Blueprint:
        """What these views answer."""
        pages = Blueprint("photos", __name__)
        pages.add_url_rule("/photos", view_func=self.upload, methods=["POST"])
        pages.add_url_rule("/photos/<token>", view_func=self.show)
        return pages

    @body_limit(MAX_BYTES + _FRAMING)
    def upload(self) -> Response:
        """Take one photo, as the body or as the form's file `photo`; 201 with its id."""
        with errors.told():
            owner = self._owner()
        with errors.told(), self._uploads.slot(owner):
            photo_id = self._uploads.take(owner, _photo_of_request()).id
        return Response(orjson.dumps({"id": photo_id}), 201, content_type="application/json")

    def show(self, token: str) -> Response:
        """Send the browser to the store, where it may read this photo for a minute."""
        named = self._links.shown(token)
        if named is None:
            raise Problem(404)
        town, photo_id, size = named
        with errors.told(), self._pool.connection() as conn:
            photo_access.check_shown(conn, (town, photo_id))
        full, thumbnail = object_names((town, photo_id))
        address = self._store.presigned_url(full if size == "full" else thumbnail)
        # The town's own site may show it too, so this answer is for any origin.
        headers = {"Location": address, "Cross-Origin-Resource-Policy": "cross-origin"}
        return Response(status=302, headers=headers)

    def _owner(self) -> Owner:
        given = request.authorization
        with self._pool.connection() as conn:
            return photo_access.owner_of(conn, given.token if given and given.type == "bearer" else None)


def _photo_of_request() -> bytes:
    if request.mimetype != "multipart/form-data":
        return request.get_data(cache=False)
    files = list(request.files.items(multi=True))
    if [name for name, _ in files] != ["photo"]:
        raise PhotoRefused("no_photo")
    photo: bytes = files[0][1].read()
    return photo
