"""The clock: moments in UTC, days where the register is."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from registry.clock import Clock
from registry.settings import Settings


def clock_at(moment: str, time_zone: str = "Europe/Brussels") -> Clock:
    now = datetime.fromisoformat(moment)
    return Clock(Settings(data_dir=Path("/nowhere"), now=now, time_zone=ZoneInfo(time_zone)))


def test_without_a_moment_of_its_own_it_tells_the_time_of_the_machine() -> None:
    before = datetime.now(UTC)  # noqa: TID251 - the machine's clock is what is compared with.

    now = Clock(Settings(data_dir=Path("/nowhere"))).now()

    assert now.tzinfo is UTC
    assert timedelta(0) <= now - before < timedelta(minutes=1)


def test_it_starts_at_the_given_moment_and_runs_on_from_it() -> None:
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    clock = clock_at("2026-11-24T10:00:00+01:00")

    first, second = clock.now(), clock.now()

    assert start <= first <= second < start + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("moment", "time_zone", "day"),
    [
        pytest.param(
            "2026-11-23T22:30:00+00:00", "Europe/Brussels", date(2026, 11, 23), id="before midnight"
        ),
        pytest.param("2026-11-23T23:30:00+00:00", "Europe/Brussels", date(2026, 11, 24), id="after midnight"),
        pytest.param("2026-07-23T22:30:00+00:00", "Europe/Brussels", date(2026, 7, 24), id="summer time"),
        pytest.param("2026-11-24T11:30:00+00:00", "Pacific/Auckland", date(2026, 11, 25), id="Auckland"),
    ],
)
def test_its_day_is_the_calendar_day_of_the_time_zone(moment: str, time_zone: str, day: date) -> None:
    assert clock_at(moment, time_zone).today() == day
