"""How a notice stands on each day, by what was owed, what was said, and whether it was given."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.resources.changes import Notice
from registry.resources.notices import AuthorisationKind, NoticeState, StoredNotice
from registry.rules.notices import objection_until, reminder_at, state

GIVEN = date(2026, 11, 24)
BRUSSELS = ZoneInfo("Europe/Brussels")


def notice(
    given_on: date | None = GIVEN,
    days: int = 30,
    *,
    owed: Notice = Notice.FULL_PERIOD,
    authorisation: AuthorisationKind = AuthorisationKind.GENERAL,
    objection: str | None = None,
    decision: str | None = None,
    withdrawn_by: UUID | None = None,
) -> StoredNotice:
    return StoredNotice(
        change_id=UUID(int=1),
        change_number=1,
        client_id=UUID(int=2),
        owed=owed,
        authorisation=authorisation,
        notice_days=days,
        objection_days=days,
        news=[],
        made_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
        given_at=None,
        given_on=given_on,
        objection_until=None if given_on is None else objection_until(given_on, days),
        acknowledged_at=None,
        withdrawn_by=withdrawn_by,
        objection=objection,
        decision=decision,
    )


@pytest.mark.parametrize("days", [10, 30, 180])
def test_silence_counts_after_the_whole_of_the_last_day_and_not_before(days: int) -> None:
    last = GIVEN + timedelta(days=days)
    found = [state(notice(days=days), day) for day in (GIVEN, last, last + timedelta(days=1))]
    assert found == [NoticeState.OPEN, NoticeState.OPEN, NoticeState.ACCEPTED_BY_SILENCE]


@given(after=st.integers(0, 4000), days=st.integers(0, 365))
def test_silence_never_counts_where_the_notice_was_not_given(after: int, days: int) -> None:
    assert state(notice(None, days), GIVEN + timedelta(days=after)) is NoticeState.NOT_GIVEN


@given(after=st.integers(0, 4000), days=st.integers(0, 365))
def test_silence_never_counts_under_specific_authorisation(after: int, days: int) -> None:
    found = state(notice(days=days, authorisation=AuthorisationKind.SPECIFIC), GIVEN + timedelta(days=after))
    assert found is NoticeState.AWAITING_AUTHORISATION


@pytest.mark.parametrize(
    ("objection", "expected"),
    [
        ("open", NoticeState.OBJECTED),
        ("withdrawn", NoticeState.UPHELD),
        ("alternative_offered", NoticeState.UPHELD),
        ("rejected", NoticeState.REJECTED),
        ("terminated", NoticeState.TERMINATED),
        ("retracted", NoticeState.ACCEPTED_BY_SILENCE),
    ],
)
def test_an_objection_outlasts_the_period_unless_it_is_taken_back(
    objection: str, expected: NoticeState
) -> None:
    assert state(notice(objection=objection), date(2028, 1, 1)) is expected


def test_what_narrows_is_told_and_waits_for_nothing() -> None:
    assert state(notice(owed=Notice.AT_ONCE), GIVEN) is NoticeState.TOLD


def test_a_decision_goes_before_the_days_and_a_withdrawal_before_everything() -> None:
    specific = AuthorisationKind.SPECIFIC
    assert state(notice(None, authorisation=specific, decision="refused"), GIVEN) is NoticeState.REFUSED
    assert state(notice(authorisation=specific, decision="authorised"), GIVEN) is NoticeState.AUTHORISED
    assert state(notice(objection="open", withdrawn_by=UUID(int=3)), GIVEN) is NoticeState.WITHDRAWN


def test_a_reminder_comes_at_eight_in_the_morning_a_week_before_the_last_day() -> None:
    assert reminder_at(GIVEN, date(2026, 12, 24), BRUSSELS) == datetime(2026, 12, 17, 8, tzinfo=BRUSSELS)


@given(days=st.integers(0, 365))
def test_a_reminder_comes_after_the_notice_and_before_its_last_day_or_not_at_all(days: int) -> None:
    until = objection_until(GIVEN, days)
    moment = reminder_at(GIVEN, until, BRUSSELS)
    assert (moment is None) == (days <= 7)
    assert moment is None or GIVEN < moment.date() < until
