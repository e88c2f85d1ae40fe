"""Calendar months: reading them, running through them, and moving a day by whole months.

>>> from datetime import date
>>> moved(date(2020, 11, 30), 3)
datetime.date(2021, 2, 28)
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
#: More months than a scheme has lived is a slip of the pen, not a question.
_MOST = 600
#: Nor is this what anybody is paid in a month, in kroner.
_LARGEST = 1e9


def moved(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, last_day(first).day))


def last_day(day: date) -> date:
    """The last day of the month that ``day`` is in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def monthly(told: Iterable[tuple[str, float]]) -> tuple[list[tuple[date, float]], list[str]]:
    """Amounts by month, from ``2017-04`` or ``2017-04..2018-09`` and an amount in kroner for each month, with every problem in words.

    Returns the first day of each month with its amount, in the order told, and what is wrong: a month that is none, an amount that is
    negative or no number, months that are not in order, a month told twice.
    """
    months: list[tuple[date, float]] = []
    problems: list[str] = []
    for text, amount in told:
        if not math.isfinite(amount) or amount < 0:
            problems.append(f"earnings of {amount:g} in {text}: earnings are never below zero\n    → write what was paid before tax, or 0")
        elif amount > _LARGEST:
            problems.append(f"earnings of {amount:g} in {text}: nobody earns that in a month\n    → write kroner, before tax")
        span = _span(text)
        if span is None:
            problems.append(f"'{text}' is no month\n    → write 2017-04, or 2017-04..2018-09 for the same amount in every month")
            continue
        for month in span:
            if months and month == months[-1][0]:
                problems.append(f"{month:%Y-%m} is told twice\n    → tell every month once")
            elif months and month < months[-1][0]:
                problems.append(f"{month:%Y-%m} comes after {months[-1][0]:%Y-%m}: the months are not in order\n    → begin with the oldest")
            months.append((month, amount))
    return months, problems


def _span(text: str) -> list[date] | None:
    """The months of ``2017-04`` or ``2017-04..2018-09``; None where that is no month or no span forwards."""
    parts = text.split("..")
    found = [_MONTH.fullmatch(p) for p in parts]
    if len(parts) > 2 or any(m is None for m in found):
        return None
    first, last = (date(int(m[1]), int(m[2]), 1) for m in (found[0], found[-1]) if m)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [moved(first, n) for n in range(count)] if 0 < count <= _MOST else None
