"""A report as `vigie report show` says it: in one language, at the town's time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal

Language = Literal["fr", "en"]
Known = Mapping[str, Any]

_MOMENT: Mapping[Language, str] = {"fr": "%d/%m/%Y %H:%M:%S", "en": "%Y-%m-%d %H:%M:%S"}

_ENDED = ("resolved", "declined")

# What the line is called, then what is said in it: French, English.
_WORDS: Mapping[str, tuple[str, str]] = {
    "time_zone": ("heures de", "times of"),
    "state": ("état", "state"),
    "target": ("confié à", "given to"),
    "rule": ("règle", "rule"),
    "version": ("version", "version"),
    "acknowledge_by": ("à prendre", "take up by"),
    "resolve_by": ("à traiter", "resolve by"),
    "photos": ("photos", "photos"),
    "delivery": ("courriel", "mail"),
    "counted": ("comptés", "counted"),
    "counted_one": ("compté", "counted"),
    "facts": ("faits", "facts"),
    "fact": ("fait", "fact"),
    "at_least": ("au moins", "at least"),
    "cannot_be_reached": ("injoignable", "cannot be reached"),
    "unknown": ("aucun service joignable ne le connaît", "no service that can be reached knows it"),
    # why a database is away
    "not_set": ("son adresse n’est pas donnée", "its address is not set"),
    "no_tables": (
        "sa base n’a pas ses tables (vigie db migrate)",
        "its database lacks tables (vigie db migrate)",
    ),
    "no_answer": ("sa base de données ne répond pas", "its database does not answer"),
    # states, and the facts that lead to them
    "submitted": ("reçu", "received"),
    "triage": ("en régulation", "in triage"),
    "triaged": ("en régulation", "in triage"),
    "routed": ("confié à un service", "given to a department"),
    "forwarded": ("transmis", "forwarded"),
    "acknowledged": ("pris en compte", "taken up"),
    "planned": ("planifié", "planned"),
    "resolved": ("traité", "resolved"),
    "declined": ("clos sans suite", "declined"),
    "overdue": ("en retard", "overdue"),
    "noted": ("annoté", "noted"),
    # who has it, who is written to
    "department": ("service", "department"),
    "authority": ("organisme", "authority"),
    "citizen": ("auteur", "author"),
    # mails and photos
    "receipt": ("accusé de réception", "receipt"),
    "handover": ("transmission", "handover"),
    "pending": ("en attente", "waiting"),
    "sending": ("en cours d’envoi", "being sent"),
    "sent": ("envoyé", "sent"),
    "failed": ("en échec", "failed"),
    "stored": ("enregistrée", "stored"),
    "delivery.sent": ("courriel envoyé", "mail sent"),
    "delivery.failed": ("courriel en échec", "mail failed"),
}


def of(known: Known, language: Language) -> Iterator[str]:
    """The lines about a report. What has no word stands as it is."""
    said = _Said(language)
    yield "  ".join(known[name] for name in ("reference", "town", "category") if known.get(name))
    parts = said.parts(known) if "id" in known else iter([("", said.word("unknown"))])
    for name, text in parts:
        yield f"  {name:12}{text}"
    for service, cause in known["away"].items():
        yield f"  {service:12} {said.word('cannot_be_reached')}{said.colon}{said.word(cause)}"


def word(name: str, language: Language) -> str:
    """The word for a state, a fact, a label; the name itself where there is none."""
    both = _WORDS.get(name)
    return both[language != "fr"] if both else name


def is_one(number: int, language: Language) -> bool:
    """Whether a language takes the singular for a number; French does for none, too."""
    return number == 1 or (number == 0 and language == "fr")


def facts(number: int, language: Language) -> str:
    """`1 fact`, `2 facts`."""
    return f"{number} {word('fact' if is_one(number, language) else 'facts', language)}"


class _Said:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self.colon = "\u00a0: " if language == "fr" else ": "

    def word(self, name: str) -> str:
        return word(name, self._language)

    def parts(self, known: Known) -> Iterator[tuple[str, str]]:
        """(what, its words), service by service; nothing for a service that is away."""
        yield self.word("time_zone"), known["time_zone"]
        if "state" in known:
            yield self.word("state"), self.word(known["state"])
        yield from self._decision(known)
        if "photos" in known:
            yield self.word("photos"), self._photos(known["photos"])
        yield from (("", self._entry(entry)) for entry in known["history"])
        yield from ((self.word("delivery"), self._delivery(d)) for d in known.get("deliveries", []))
        if "counted" in known:
            one = is_one(known["counted"], self._language)
            yield self.word("counted_one" if one else "counted"), self._counted(known)

    def _decision(self, known: Known) -> Iterator[tuple[str, str]]:
        if "target" not in known:
            return
        yield self.word("target"), self._holder(known["target"]["kind"], known["target"]["id"])
        version = f"({self.word('version')} {known['rule_set']})"
        reason = (known["reason"] or {}).get(self._language, "")
        yield self.word("rule"), f"{known['rule'] or '-'} {version} {reason}".rstrip()
        for clock in () if known["state"] in _ENDED else ("acknowledge_by", "resolve_by"):
            if known[clock]:
                yield self.word(clock), self._moment(known[clock])

    def _holder(self, kind: str, name: str | None) -> str:
        return " ".join(filter(None, (self.word(kind), name)))

    def _photos(self, photos: list[Known]) -> str:
        states = ", ".join(self.word(photo["state"]) for photo in photos)
        return f"{len(photos)} ({states})" if photos else "0"

    def _entry(self, entry: Known) -> str:
        what = entry["event"].removesuffix(".v1").removeprefix("report.")
        said = f"{self.word(what)}{self._planned(entry)}"
        return f"{self._moment(entry['at'])}  {said:22}  {entry['event']}"

    def _planned(self, entry: Known) -> str:
        if not entry.get("planned_for"):
            return ""
        day = date.fromisoformat(entry["planned_for"])
        return f"{self.colon}{day.strftime(_MOMENT[self._language].split()[0])}"

    def _delivery(self, delivery: Known) -> str:
        to = f"{self.word(delivery['template'])} → {self.word(delivery['recipient_kind'])}"
        return f"{to}{self.colon}{self.word(delivery['state'])}"

    def _counted(self, known: Known) -> str:
        """Facts are known by what intake and routing have told: with one of them away there may be more."""
        least = [self.word("at_least")] if known["away"].keys() & {"intake", "routing"} else []
        return " ".join([*least, facts(known["counted"], self._language)])

    def _moment(self, text: str) -> str:
        return datetime.fromisoformat(text).strftime(_MOMENT[self._language])
