"""Spans of days: inclusive everywhere else, half-open ranges in PostgreSQL."""

from datetime import date, timedelta

from asyncpg import Range

ONE_DAY = timedelta(days=1)


def to_range(first: date | None, last: date | None) -> "Range[date]":
    """The range of the days from one to another, both included; None is unbounded."""
    return Range(first, last + ONE_DAY if last is not None else None, lower_inc=first is not None)


def last_day(valid: "Range[date]") -> date | None:
    """The last day in a range; None where it has no end."""
    return valid.upper - ONE_DAY if valid.upper is not None else None
