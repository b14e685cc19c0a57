"""Where a sub-processor stands on a day: a function of its periods, never stored."""

from collections.abc import Sequence
from datetime import date, timedelta

from registry.resources.periods import TermsPeriod
from registry.resources.sub_processors import Status

ONE_DAY = timedelta(days=1)


def status(periods: Sequence[TermsPeriod], day: date) -> Status | None:
    """Active or ending inside a period; outside, planned if one is to come, else ended.

    None: no published change rests on it.
    """
    if not periods:
        return None
    if any(period.covers(day) for period in periods):
        return Status.ACTIVE if ends_on(periods, day) is None else Status.ENDING
    if any(period.first is not None and period.first > day for period in periods):
        return Status.PLANNED
    return Status.ENDED


def ends_on(periods: Sequence[TermsPeriod], day: date) -> date | None:
    """The first day without it, once its end is published; None while it goes on."""
    following: date | None = None
    for period in periods:
        if period.last is not None and period.last < day:
            continue
        if following is not None and period.first != following:
            return following
        if period.last is None:
            return None
        following = period.last + ONE_DAY
    return following


def shown(periods: Sequence[TermsPeriod], day: date) -> TermsPeriod | None:
    """The period whose terms are shown: that of the day, else the next to come, else the last."""
    for period in periods:
        if period.last is None or day <= period.last:
            return period
    return periods[-1] if periods else None


def added_on(periods: Sequence[TermsPeriod]) -> date | None:
    """The first day on which it ever is on the list."""
    return periods[0].first if periods else None
