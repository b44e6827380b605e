"""Static files under names that change with their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from flask import Blueprint, Response, request

from shared.web.problems import Problem

# Not from the machine's own list, which differs from one to the next.
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_AN_HOUR = "public, max-age=3600"


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    media_type: str
    digest: str


class StaticFiles:
    """What lies in the folders `static` of `packages`, read once; of two of one name, the later package's."""

    def __init__(self, *packages: str) -> None:
        self._files = {name: file for package in packages for name, file in _read(package)}
        self._hashed = {_hashed(name, file.digest): name for name, file in self._files.items()}
        self._urls = {name: f"/static/{hashed}" for hashed, name in self._hashed.items()}

    def url(self, name: str) -> str:
        """Where pages find `suivi.css`: `/static/suivi.0a1b2c3d4e5f.css`. KeyError for an unknown one."""
        return self._urls[name]

    def blueprint(self) -> Blueprint:
        """Serves each file under both of its names."""
        pages = Blueprint("static_files", __name__)
        pages.add_url_rule("/static/<path:name>", view_func=self.show)
        return pages

    def show(self, name: str) -> Response:
        """The file; to be kept for ever under the name that changes, for an hour under its own."""
        file = self._files.get(self._hashed.get(name, name))
        if file is None:
            raise Problem(404)
        caching = {"Cache-Control": _FOR_EVER if name in self._hashed else _FOR_AN_HOUR}
        response = Response(file.body, headers=caching, content_type=file.media_type)
        response.set_etag(file.digest)
        response.make_conditional(request)
        return response


def _read(package: str) -> Iterator[tuple[str, _File]]:
    folder = files(package).joinpath("static")
    for path, entry in _walk(folder) if folder.is_dir() else ():
        body = entry.read_bytes()
        media_type = _MEDIA_TYPES[PurePosixPath(path).suffix]
        yield path, _File(body, media_type, hashlib.sha256(body).hexdigest()[:12])


def _walk(folder: Traversable, under: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, f"{under}{entry.name}/")
        else:
            yield f"{under}{entry.name}", entry


def _hashed(name: str, digest: str) -> str:
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{digest}{path.suffix}"))
