"""How a notice stands on a day: a pure function of the notice, the client's decisions and the day.

Article 28(2) GDPR: under general authorisation the controller is informed and may object; under specific
authorisation nothing happens without its word. N days given on day D end with the whole of D+N.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from registry.resources.changes import Notice
from registry.resources.notices import AuthorisationKind, ClientNotice, NoticeState, StoredNotice

REMINDED_BEFORE = timedelta(days=7)
"""How long before the last day for objections a client is reminded."""
REMINDED_FROM = time(8)

_OBJECTIONS = {
    "open": NoticeState.OBJECTED,
    "withdrawn": NoticeState.UPHELD,
    "alternative_offered": NoticeState.UPHELD,
    "rejected": NoticeState.REJECTED,
    "terminated": NoticeState.TERMINATED,
}
"""What an objection makes of the notice; one that was retracted makes nothing of it."""


def state(notice: StoredNotice, day: date) -> NoticeState:
    """How the notice stands on the day."""
    if notice.withdrawn_by is not None:
        return NoticeState.WITHDRAWN
    if notice.decision is not None:
        return NoticeState(notice.decision)
    if notice.objection in _OBJECTIONS:
        return _OBJECTIONS[notice.objection]
    if notice.given_on is None or notice.objection_until is None:
        return NoticeState.NOT_GIVEN
    return when_given(notice.owed, notice.authorisation, in_time=day <= notice.objection_until)


def when_given(owed: Notice, authorisation: AuthorisationKind, *, in_time: bool) -> NoticeState:
    """How a notice stands that was given and is not decided; what narrows or ends waits for nothing."""
    if owed is not Notice.FULL_PERIOD:
        return NoticeState.TOLD
    if authorisation is AuthorisationKind.SPECIFIC:
        return NoticeState.AWAITING_AUTHORISATION
    return NoticeState.OPEN if in_time else NoticeState.ACCEPTED_BY_SILENCE


def view(notice: StoredNotice, day: date) -> ClientNotice:
    """The notice as it is shown on the day."""
    return ClientNotice(
        change_id=notice.change_id,
        change_number=notice.change_number,
        client_id=notice.client_id,
        state=state(notice, day),
        owed=notice.owed,
        authorisation=notice.authorisation,
        notice_days=notice.notice_days,
        objection_days=notice.objection_days,
        news=notice.news,
        made_at=notice.made_at,
        given_at=notice.given_at,
        given_on=notice.given_on,
        objection_until=notice.objection_until,
        acknowledged_at=notice.acknowledged_at,
    )


def objection_until(given_on: date, objection_days: int) -> date:
    """The last day on which an objection is in time."""
    return given_on + timedelta(days=objection_days)


def reminder_at(given_on: date, until: date, time_zone: ZoneInfo) -> datetime | None:
    """When the client is to be reminded; None where that would be no later than the notice itself."""
    day = until - REMINDED_BEFORE
    return datetime.combine(day, REMINDED_FROM, time_zone) if day > given_on else None
