"""Who has a report again that its author has reopened, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.routing.domain.cases import CaseFile
from services.routing.domain.decision import Decision, Report
from services.routing.domain.dispatch import router_for
from services.routing.domain.town import Holder, TownConfiguration
from shared.l10n import Label

RULE = "reopened"
"""The name that such decisions give as their rule."""
_PLAIN = Label("Parce que vous l’avez rouvert.", "Because you reopened it.")


def decide_reopening(town: TownConfiguration, file: CaseFile, text: str, now: datetime) -> Decision:
    """Back to the department that ended it, with its delays from `now`; to triage where that is gone.

    `text`: what the author writes.
    """
    department = file.case.department
    known = department is not None and Holder("department", department) in town.holders()
    clocks = router_for(town).clocks_anew(Report.from_data(file.report), known, now)
    why = Label(f"Rouvert par son auteur : {text}", f"Reopened by its author: {text}").as_dict()
    version = str(town.version)
    if not known:
        return Decision("triage", None, RULE, version, why, clocks)
    made = Decision("department", department, RULE, version, why, clocks)
    return replace(made, plain_reason=_PLAIN.as_dict())
