"""Photos and upload keys in the database, each statement as a function on an open connection."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from services.intake.domain.photos import CleanPhoto, ReportPhoto, State, Volume
from services.intake.domain.submissions import NamedPhoto
from shared import db, ids
from shared.db import queries

QUERIES = queries.load(__package__, "photos.sql")

PhotoKey = tuple[str, str]  # town, photo id


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose uploads they are: a front end's user, or a draft of the town's own form.

    Before it is known who sends them, their network address stands for it.
    """

    town: str
    tool: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A cleaned photo on its way to the object store."""

    key: PhotoKey
    image: bytes
    thumbnail: bytes


def key_owner(conn: db.Connection, key: str) -> Owner | None:
    """Whose upload key this is, unless it was revoked."""
    row = conn.execute(QUERIES["key_owner"], {"sha256": _sha256(key.encode())}).fetchone()
    return Owner(*row) if row else None


def add_key(conn: db.Connection, owner: Owner, key: str) -> None:
    """Let `owner` upload with `key`; raises UniqueViolation where it is another's."""
    values = {"town": owner.town, "tool": owner.tool, "sha256": _sha256(key.encode())}
    conn.execute(QUERIES["key_add"], values)


def revoke_keys(conn: db.Connection, owner: Owner) -> int:
    """Take all keys from `owner`; returns how many there were."""
    return conn.execute(QUERIES["keys_revoke"], {"town": owner.town, "tool": owner.tool}).rowcount


def front_ends(conn: db.Connection) -> dict[str, list[str]]:
    """The front ends of each town that is set up; this stays true until the transaction ends."""
    return dict(conn.execute(QUERIES["front_ends"]).fetchall())


def revoke_keys_of_gone(conn: db.Connection, towns: Iterable[str]) -> int:
    """Take all keys from tools that are not front ends of `towns` any more; returns how many there were."""
    return conn.execute(QUERIES["keys_revoke_gone"], {"towns": sorted(set(towns))}).rowcount


def find_again(conn: db.Connection, owner: Owner, upload: bytes) -> str | None:
    """The id of the same upload of the same owner, while no report has named it."""
    values = {"town": owner.town, "owner": owner.tool, "upload_sha256": _sha256(upload)}
    row = conn.execute(QUERIES["photo_again"], values).fetchone()
    return row[0] if row else None


def lock_owner(conn: db.Connection, owner: Owner) -> None:
    """Let nobody else keep a photo of this owner until the transaction ends."""
    conn.execute(QUERIES["owner_lock"], {"town": owner.town, "owner": owner.tool})


def unnamed(conn: db.Connection, owner: Owner) -> Volume:
    """What this owner has uploaded and no report has named yet."""
    row = conn.execute(QUERIES["unnamed"], {"town": owner.town, "owner": owner.tool}).fetchone()
    assert row
    return Volume(*row)


def add(conn: db.Connection, owner: Owner, upload: bytes, photo: CleanPhoto) -> str:
    """Keep a cleaned photo, its bytes waiting for the store; returns its id, or an earlier equal one's."""
    new_id = ids.random_id()
    row = conn.execute(QUERIES["photo_add"], _values(owner, upload, photo) | {"id": new_id}).fetchone()
    assert row
    if row[0] == new_id:
        pending = {"town": owner.town, "id": new_id, "image": photo.image, "thumbnail": photo.thumbnail}
        conn.execute(QUERIES["pending_add"], pending)
    kept: str = row[0]
    return kept


def _values(owner: Owner, upload: bytes, photo: CleanPhoto) -> dict[str, object]:
    return {
        "town": owner.town,
        "owner": owner.tool,
        "upload_sha256": _sha256(upload),
        "uploaded_type": photo.uploaded_type,
        "size": len(photo.image),
        "width": photo.width,
        "height": photo.height,
        "sha256": _sha256(photo.image),
        "thumbnail_size": len(photo.thumbnail),
        "thumbnail_sha256": _sha256(photo.thumbnail),
    }


def free(conn: db.Connection, named: Iterable[NamedPhoto]) -> set[NamedPhoto]:
    """Those of these photos that a report of their owner may still claim.

    An unknown one, another owner's, an erased one and another report's are left out.
    """
    return _free(conn, "photos_free", named)


def lock_free(conn: db.Connection, named: Iterable[NamedPhoto]) -> set[NamedPhoto]:
    """The same, locked: nobody else can claim them before the transaction ends."""
    return _free(conn, "photos_lock_free", named)


def _free(conn: db.Connection, query: str, named: Iterable[NamedPhoto]) -> set[NamedPhoto]:
    rows = [_named_row(photo) for photo in named if ids.is_id(photo[2])]
    return set(conn.execute(QUERIES[query], {"rows": db.rows(rows)}).fetchall()) if rows else set()


def claim(conn: db.Connection, claims: Iterable[tuple[NamedPhoto, str]]) -> None:
    """Tie photos that `lock_free` gave to the reports with these ids."""
    rows = [{**_named_row(named), "report_id": report_id} for named, report_id in claims]
    if rows:
        conn.execute(QUERIES["photos_claim"], {"rows": db.rows(rows)})


def _named_row(named: NamedPhoto) -> dict[str, str]:
    town, owner, photo_id = named
    return {"town": town, "owner": owner, "photo_id": photo_id}


def of_report(conn: db.Connection, town: str, report_id: str) -> list[ReportPhoto]:
    """The photos of a report, erased ones left out."""
    found = conn.execute(QUERIES["photos_of_report"], {"town": town, "report_id": report_id})
    return [ReportPhoto(*row) for row in found]


def state(conn: db.Connection, key: PhotoKey) -> State | None:
    """Where a photo is; None where there is none any more."""
    row = conn.execute(QUERIES["photo_state"], {"town": key[0], "id": key[1]}).fetchone()
    return row[0] if row else None


def lease_pending(conn: db.Connection, longest: float) -> Pending | None:
    """The next photo to store; nobody else is given it before its next attempt, at most `longest` s away."""
    row = conn.execute(QUERIES["pending_lease"], {"longest": longest}).fetchone()
    return Pending((row[0], row[1]), row[2], row[3]) if row else None


def pending_thumbnail(conn: db.Connection, key: PhotoKey) -> bytes | None:
    """A photo's thumbnail while it waits for the store; None where it does not."""
    row = conn.execute(QUERIES["pending_thumbnail"], {"town": key[0], "id": key[1]}).fetchone()
    return bytes(row[0]) if row else None


def mark_stored(conn: db.Connection, key: PhotoKey) -> None:
    """The store has the photo; if it was forgotten meanwhile, the store is to forget it too."""
    values = {"town": key[0], "id": key[1]}
    conn.execute(QUERIES["pending_done"], values)
    if conn.execute(QUERIES["photo_stored"], values).rowcount == 0 and state(conn, key) is None:
        add_removals(conn, [key])


def forget_unnamed(conn: db.Connection, hours: int) -> int:
    """Forget uploads that no report has named within `hours`, a hundred at most; returns how many."""
    late = conn.execute(QUERIES["unnamed_delete"], {"hours": hours}).fetchall()
    add_removals(conn, [(town, photo) for town, photo in late])
    return len(late)


def add_removals(conn: db.Connection, photos: Iterable[PhotoKey]) -> None:
    """Have the objects of these photos removed from the store."""
    rows = db.rows({"town": town, "id": photo} for town, photo in photos)
    conn.execute(QUERIES["removal_add"], {"rows": rows})


def lease_removal(conn: db.Connection, longest: float) -> PhotoKey | None:
    """The next photo whose objects are to be removed, leased as by `lease_pending`."""
    row = conn.execute(QUERIES["removal_lease"], {"longest": longest}).fetchone()
    return (row[0], row[1]) if row else None


def mark_removed(conn: db.Connection, key: PhotoKey) -> None:
    """The store has no object of the photo any more."""
    conn.execute(QUERIES["removal_done"], {"town": key[0], "id": key[1]})


def waiting(conn: db.Connection) -> tuple[int, float]:
    """How many photos wait for the store, and the age of the oldest in seconds."""
    row = conn.execute(QUERIES["waiting"]).fetchone()
    assert row
    return row[0], row[1]


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
