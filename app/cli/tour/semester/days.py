"""The days of the semester that is played: it is always its eighth week, whatever day it is."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from app.domain.base import SHANGHAI, civil_date

_WEEKS_BEFORE, _WEEKS_AFTER = 7, 12
_SEPTEMBER, _FEBRUARY = 9, 2


@dataclass(frozen=True)
class Days:
    """Days are those of the schools, moments carry their offset."""

    now: datetime
    today: date
    begins: date
    """The Monday of the first week; this week is the eighth, so an even one."""
    ends: date

    @classmethod
    def around(cls, moment: datetime) -> Self:
        """The semester around a moment."""
        now = moment.replace(microsecond=0)
        today = civil_date(now)
        monday = today - timedelta(days=today.weekday())
        begins = monday - timedelta(weeks=_WEEKS_BEFORE)
        return cls(now, today, begins, monday + timedelta(weeks=_WEEKS_AFTER))

    @property
    def named(self) -> dict[str, int | str]:
        """The school year and the semester, as the calendar names them."""
        first = not _FEBRUARY <= self.today.month < _SEPTEMBER
        started = self.today.year - (self.today.month < _SEPTEMBER)
        return {"school_year": started, "semester": "first" if first else "second"}

    @property
    def term(self) -> dict[str, str]:
        """First and last day, as plans and calendars take them."""
        return {"starts_on": self.begins.isoformat(), "ends_on": self.ends.isoformat()}

    @property
    def period(self) -> str:
        """First and last day, as queries take them."""
        return f"since={self.begins}&until={self.ends}"

    def after(self, days: int) -> str:
        """The day so many days after today, before it where they are negative."""
        return (self.today + timedelta(days=days)).isoformat()

    @property
    def running(self) -> tuple[datetime, datetime]:
        """From when to when a session is that is on now."""
        return self.now - timedelta(minutes=5), self.now + timedelta(hours=2)

    def over(self, nth: int = 0) -> tuple[datetime, datetime]:
        """From when to when an hour is that is over; another nth, another hour, never overlapping."""
        ends_at = self.now - timedelta(minutes=10, hours=nth)
        return ends_at - timedelta(minutes=50), ends_at

    def coming(self, weekday: int, hour: int) -> tuple[datetime, datetime]:
        """An hour on a weekday (1 is Monday) of next week, which is an odd one."""
        day = self.begins + timedelta(weeks=_WEEKS_BEFORE + 1, days=weekday - 1)
        starts_at = datetime.combine(day, time(hour), SHANGHAI)
        return starts_at, starts_at + timedelta(hours=1)
