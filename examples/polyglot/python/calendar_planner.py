"""Month calendar with recurring meetings and a check for overlaps.

Weekdays come from Zeller's congruence, shifted so that Monday is 0.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Iterator

MONTHS = "January February March April May June July August September October November December".split()
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def weekday(year: int, month: int, day: int) -> int:
    if month < 3:  # January and February count as months 13 and 14
        year, month = year - 1, month + 12
    century, rest = divmod(year, 100)
    h = day + 13 * (month + 1) // 5 + rest + rest // 4 + century // 4 + 5 * century
    return (h + 5) % 7


@dataclass(frozen=True)
class Weekly:
    """Every ``interval`` weeks on the weekday of ``first_day``."""

    first_day: int
    interval: int = 1

    def days(self, year: int, month: int) -> Iterator[int]:
        yield from range(self.first_day, month_length(year, month) + 1, 7 * self.interval)


@dataclass(frozen=True)
class NthWeekday:
    nth: int
    day_of_week: int

    def days(self, year: int, month: int) -> Iterator[int]:
        offset = (self.day_of_week - weekday(year, month, 1)) % 7
        day = 1 + offset + 7 * (self.nth - 1)
        if day <= month_length(year, month):
            yield day


@dataclass(frozen=True)
class Once:
    day: int

    def days(self, year: int, month: int) -> Iterator[int]:
        yield self.day


@dataclass(frozen=True, order=True)
class Appointment:
    day: int
    start: int  # minutes after midnight
    end: int
    title: str

    def overlaps(self, other: "Appointment") -> bool:
        return self.day == other.day and self.start < other.end and other.start < self.end

    def __str__(self) -> str:
        hour, minute = divmod(self.start, 60)
        return f"{self.day:2} {hour:02}:{minute:02} {self.title}"


MEETINGS = [
    ("Standup", Weekly(first_day=5), "09:30", 15),
    ("Sprint planning", Weekly(first_day=5, interval=2), "09:00", 60),
    ("Budget review", NthWeekday(2, TUESDAY), "14:00", 90),
    ("Dentist", Once(13), "15:15", 45),
]


def expand(meetings, year: int, month: int) -> list[Appointment]:
    agenda = []
    for title, rule, clock, minutes in meetings:
        hours, past = map(int, clock.split(":"))
        start = 60 * hours + past
        agenda += [Appointment(day, start, start + minutes, title) for day in rule.days(year, month)]
    return sorted(agenda)


def month_page(year: int, month: int, busy: set[int] = frozenset()) -> str:
    cells = [" " * 4] * weekday(year, month, 1)
    cells += [f"{day:3}{'*' if day in busy else ' '}" for day in range(1, month_length(year, month) + 1)]
    weeks = ("".join(cells[i : i + 7]).rstrip() for i in range(0, len(cells), 7))
    title = f"{MONTHS[month - 1]} {year}".center(28).rstrip()
    return "\n".join([title, " Mo  Tu  We  Th  Fr  Sa  Su", *weeks])


if __name__ == "__main__":
    february = expand(MEETINGS, 2024, 2)
    print(month_page(2024, 2, {appointment.day for appointment in february}))
    for one, other in combinations(february, 2):
        if one.overlaps(other):
            print(f"clash: {one} / {other.title}")
