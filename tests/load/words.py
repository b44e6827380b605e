"""How long it takes to propose categories for words, and how often the right one is among three."""

from __future__ import annotations

import time
from statistics import median, quantiles

from tests.unit.intake.suggestions.test_suggestions import HELD_OUT, gentilly, misspelt


def measured() -> dict[str, float]:
    """Milliseconds of a proposal for each held-out phrase, also misspelt, and shares that are right."""
    tried = [(slug, phrase) for slug, said in HELD_OUT.items() for each in said.values() for phrase in each]
    found: dict[str, float] = {}
    for name, written in (("", str), ("_misspelt", misspelt)):
        took, right = [], []
        for slug, phrase in tried:
            began = time.perf_counter()
            proposed = gentilly().suggest(written(phrase))
            took.append(1000 * (time.perf_counter() - began))
            right.append(slug in {each.category for each in proposed})
        del took[0]  # it made the suggester
        found[f"median_ms{name}"] = round(median(took), 3)
        found[f"p99_ms{name}"] = round(quantiles(took, n=100)[-1], 3)
        found[f"right{name}"] = round(sum(right) / len(right), 3)
    return found
