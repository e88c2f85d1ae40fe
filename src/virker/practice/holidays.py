"""Danish public holidays, from a library that keeps them."""

from __future__ import annotations

from datetime import date


def danish_holidays(first_year: int, last_year: int) -> frozenset[date] | None:
    """The public holidays of the years, both included; None where the 'practice' extra is not installed."""
    try:
        from holidays import country_holidays
    except ImportError:
        return None
    return frozenset(country_holidays("DK", years=range(first_year, last_year + 1)))
