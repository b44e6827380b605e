"""The towns whose pages these are."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.intake.domain.forms import FormTown, form_town
from shared import db, towns
from shared.towns import Towns
from shared.web import Problem


@dataclass(frozen=True, slots=True)
class TownsOfPages:
    """Towns as pages need them, each read again when a new version of it is there."""

    pool: db.Pool
    known: Towns[FormTown] = field(default_factory=lambda: Towns(form_town))

    def town(self, slug: str) -> FormTown:
        """The town of this page. Raises Problem, 404."""
        with self.pool.connection() as conn:
            found = self.known.current(conn, [slug]).get(slug)
        if found is None or not found.kinds:
            raise Problem(404)
        return found

    def all(self) -> dict[str, FormTown]:
        """Those to which something can be sent, by slug."""
        with self.pool.connection() as conn:
            found = self.known.current(conn, towns.versions(conn))
        return {slug: town for slug, town in sorted(found.items()) if town.kinds}
