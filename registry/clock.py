"""The only place that asks what time it is."""

import time
from datetime import UTC, date, datetime, timedelta

from registry.settings import Settings


class Clock:
    """The moment and the register's day.

    With ``ONWARD_NOW`` the clock starts at that moment when the process starts, and runs on from it.
    """

    def __init__(self, settings: Settings) -> None:
        self._time_zone = settings.time_zone
        self._start = settings.now
        self._started = time.monotonic()

    def now(self) -> datetime:
        """The moment, aware and in UTC."""
        if self._start is None:
            return datetime.now(UTC)
        return self._start.astimezone(UTC) + timedelta(seconds=time.monotonic() - self._started)

    def today(self) -> date:
        """The calendar day in ``ONWARD_TIME_ZONE``, for law and register alike."""
        return self.now().astimezone(self._time_zone).date()
