"""A photo's row without its picture, for tests of who may claim it."""

from __future__ import annotations

import psycopg

from shared import ids

_PHOTO = """
insert into photo (town, id, owner, upload_sha256, uploaded_type, state, size, width, height, sha256,
                   thumbnail_size, thumbnail_sha256)
values ('gentilly', %(id)s, %(owner)s, sha256(%(content)s), 'image/jpeg', 'pending', 1, 1, 1, sha256('a'),
        1, sha256('b'))"""


def add_photo(conn: psycopg.Connection, owner: str) -> str:
    """A photo of this owner that waits to be named; returns its id."""
    photo = ids.random_id()
    conn.execute(_PHOTO, {"id": photo, "owner": owner, "content": photo.encode()})
    return photo
