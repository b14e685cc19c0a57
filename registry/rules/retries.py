"""When a delivery is tried again: pauses that grow, with chance in them, so that not all come back at once."""

from datetime import datetime

from registry.channels.schedules import Schedule

JITTER = 0.2
"""The largest part of a pause that chance adds to it."""


def next_due(
    schedule: Schedule,
    attempts: int,
    at: datetime,
    chance: float,
    not_before: datetime | None = None,
) -> datetime | None:
    """The moment of the next attempt after so many, the last of which ended ``at``; None when there is none.

    ``chance`` is a number from 0 up to 1. A receiver that asks for a later moment gets it, likewise spread.
    """
    if attempts >= len(schedule.pauses):
        return None
    pause = schedule.pauses[attempts]
    due = at + pause
    if not_before is not None and not_before > due:
        due = not_before
    return due + pause * JITTER * chance
