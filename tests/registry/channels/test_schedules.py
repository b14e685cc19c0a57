"""When a delivery is tried again: as the operator writes it, and what chance adds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.channels.schedules import DEFAULT, Schedule
from registry.rules.retries import JITTER, next_due
from registry.settings import Settings

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def seconds(text: str) -> list[float]:
    return [pause.total_seconds() for pause in Schedule.read(text).pauses]


def test_unless_told_otherwise_pauses_double_from_30_seconds_to_4_hours_for_3_days() -> None:
    pauses = seconds(DEFAULT)

    assert pauses[:10] == [0, 30, 60, 120, 240, 480, 960, 1_920, 3_840, 7_680]
    assert set(pauses[10:]) == {14_400}
    assert timedelta(days=3) - timedelta(hours=4) < timedelta(seconds=sum(pauses)) <= timedelta(days=3)
    assert Settings.load({}).retry_schedule == Schedule.read(DEFAULT)


@pytest.mark.parametrize(
    ("text", "pauses"),
    [
        ("0", [0]),
        ("1s,2s", [1, 2]),
        ("0, 30, 5m, 2h, 1d", [0, 30, 300, 7_200, 86_400]),
        ("0s,1s..8s", [0, 1, 2, 4, 8]),
        ("0s,1s..7s", [0, 1, 2, 4, 7]),
        ("0s, 10s, for 35s", [0, 10, 10, 10]),
        ("0s, 1s .. 4s , for 1m", [0, 1, 2, 4, *[4] * 13]),
        ("5s, 10s, for 10s", [5, 10]),
    ],
)
def test_a_schedule_is_pauses_spans_that_double_and_a_last_one_repeated(
    text: str, pauses: list[float]
) -> None:
    assert seconds(text) == pauses


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("soon", "is no length of time"),
        ("1.5s", "is no length of time"),
        ("-1s", "is no length of time"),
        ("1w", "is no length of time"),
        ("1s,,2s", "is no length of time"),
        ("٣s", "is no length of time"),
        ("for 3d", "no pause before the first attempt"),
        ("0s, for 3d", "cannot be repeated"),
        ("0s,4h..30s", "does not grow"),
        ("0s..4h", "does not grow"),
        ("0s,1h,for 5m", "longer together"),
        ("0s,1s,for 1d", "more than 1000 attempts"),
    ],
)
def test_a_schedule_that_cannot_be_read_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Schedule.read(text)


@given(chance=st.floats(0, 1, exclude_max=True))
def test_chance_makes_a_pause_longer_by_a_fifth_at_most_and_never_shorter(chance: float) -> None:
    schedule = Schedule.read(DEFAULT)
    for attempts, pause in enumerate(schedule.pauses):
        due = next_due(schedule, attempts, AT, chance)

        assert due is not None
        assert AT + pause <= due <= AT + pause * (1 + JITTER)


def test_after_the_last_pause_there_is_no_attempt() -> None:
    schedule = Schedule.read("0s,1s,2s")

    assert next_due(schedule, 0, AT, 0) == AT
    assert next_due(schedule, 2, AT, 0) == AT + timedelta(seconds=2)
    assert next_due(schedule, 3, AT, 0) is None
    assert next_due(schedule, 99, AT, 0) is None


def test_a_receiver_that_asks_for_a_later_moment_gets_it_and_one_that_asks_for_an_earlier_does_not() -> None:
    schedule = Schedule.read("0s,100s")
    later, earlier = AT + timedelta(hours=1), AT + timedelta(seconds=5)

    assert next_due(schedule, 1, AT, 0, later) == later
    assert next_due(schedule, 1, AT, 0.5, later) == later + timedelta(seconds=10)
    assert next_due(schedule, 1, AT, 0, earlier) == AT + timedelta(seconds=100)


def test_attempts_end_about_three_days_after_the_first() -> None:
    pauses = Schedule.read(DEFAULT).pauses
    worst = [pause * (1 + JITTER) for pause in pauses]

    assert sum(worst, timedelta()) < timedelta(days=4)
