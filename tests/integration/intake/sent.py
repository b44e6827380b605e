"""What is sent in tests of intake's use cases."""

from __future__ import annotations

from services.intake.domain.links import Links
from services.intake.domain.submissions import Author, Place, Submission
from services.intake.usecases.limits import HourlyCount, Limits
from shared import ids
from shared.contracts.envelope import Cause

LINKS = Links("https://vigie.example", "secret" * 8)
UNLIMITED = Limits(HourlyCount(0), HourlyCount(0))
FRONT_END = "front-gentilly"
SUBMISSION = Submission(
    town="gentilly",
    sender=FRONT_END,
    kind="problem",
    category="voirie/nid-de-poule",
    language="fr",
    description="Trou devant l'école",
    author=Author("Ada", "Martin", "ada@example.org"),
    place=Place(48.813, 2.342, "12 rue Charles-Frérot"),
    cause=Cause(correlationid=ids.new_id()),
)
