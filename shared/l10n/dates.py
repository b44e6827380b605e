"""Days and hours as people write them, in one language and at one town's time.

Day and hour are formatted apart. A deadline at midnight belongs to the day that ends then.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

_MIDNIGHT = "24:00"


class Dates:
    """Writes days and moments. `language`: `fr` or `en`; `time_zone`: IANA, `Europe/Paris`."""

    def __init__(self, language: str, time_zone: str | ZoneInfo) -> None:
        self._french = language != "en"
        self._locale = "fr_FR" if self._french else "en_GB"
        self._zone = ZoneInfo(time_zone) if isinstance(time_zone, str) else time_zone

    def day(self, when: date | datetime) -> str:
        """`mardi 1er décembre 2026`."""
        return self._day(self._date(when), "EEEE ")

    def moment(self, when: datetime) -> str:
        """`1er décembre 2026 à 1 h 41`."""
        return f"{self._day(self._date(when), '')} {self._at(when)}"

    def day_and_moment(self, when: datetime) -> str:
        """`mardi 1er décembre 2026 à 1 h 41`."""
        return f"{self.day(when)} {self._at(when)}"

    def deadline_day(self, when: datetime) -> str:
        """The last day on which something is in time: `vendredi 27 novembre 2026`."""
        return self.day(self._last_day(when))

    def deadline(self, when: datetime) -> str:
        """A deadline with its hour; the day alone where it ends with the day."""
        return self.deadline_day(when) if self._ends_a_day(when) else self.day_and_moment(when)

    def short_day(self, when: date | datetime) -> str:
        """For lists: `01/12/2026`, `2026-12-01`."""
        return self._date(when).strftime("%d/%m/%Y" if self._french else "%Y-%m-%d")

    def short_moment(self, when: datetime, seconds: bool = False) -> str:
        """For lists: `01/12/2026 à 01:41`, `2026-12-01 01:41`; to the second without the `à`."""
        return self._short(self._date(when), f"{self._local(when):{'%H:%M:%S' if seconds else '%H:%M'}}")

    def short_deadline(self, when: datetime, seconds: bool = False) -> str:
        """The same for a deadline: `27/11/2026 à 24:00` where it ends with the day."""
        if not self._ends_a_day(when):
            return self.short_moment(when, seconds)
        return self._short(self._last_day(when), f"{_MIDNIGHT}:00" if seconds else _MIDNIGHT)

    def _short(self, day: date, hour: str) -> str:
        at = " à " if self._french and hour.count(":") == 1 else " "
        return f"{self.short_day(day)}{at}{hour}"

    def _day(self, day: date, weekday: str) -> str:
        number = "'1er'" if self._french and day.day == 1 else "d"
        return format_date(day, f"{weekday}{number} MMMM y", locale=self._locale)

    def _at(self, when: datetime) -> str:
        local = self._local(when)
        return f"à {local.hour}\u00a0h\u00a0{local:%M}" if self._french else f"at {local:%H:%M}"

    def _last_day(self, when: datetime) -> date:
        return self._date(when) - timedelta(days=self._ends_a_day(when))

    def _ends_a_day(self, when: datetime) -> bool:
        return f"{self._local(when):%H:%M:%S}" == "00:00:00"

    def _date(self, when: date | datetime) -> date:
        return self._local(when).date() if isinstance(when, datetime) else when

    def _local(self, when: datetime) -> datetime:
        return when.astimezone(self._zone)
