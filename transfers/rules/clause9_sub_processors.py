"""Clause 9 and Article 28(2): was the sub-processor authorised? Warns; only an objection makes a review."""

from datetime import timedelta
from typing import Final

from transfers.safeguards import SubProcessorAuthorisation
from transfers.statements import warns
from transfers.weighing import Weighing

UNAUTHORISED: Final = warns(
    "art28_2_authorisation_missing",
    "28(2)",
    "No authorisation of the sub-processor by the controller is on record.",
)
RUNNING: Final = warns(
    "notice_period_not_elapsed", "28(2)", "The controller's notice period has not run yet."
)
OBJECTION: Final = warns("objection_pending", "28(2)", "The controller objected in time.")

SPECIFIC: Final = 1


def authorised(weighing: Weighing, authorisation: SubProcessorAuthorisation | None) -> None:
    """Article 28(2): specific authorisation, or notice of n days under a general one.

    A notice of n days sent on day d has run on d + n + 1; an objection counts until d + n. No notice
    on record counts as unauthorised. Whether an objection stops the transfer is an open point.
    """
    if authorisation is None:
        return
    day = weighing.case.day
    if authorisation.option == SPECIFIC:
        if authorisation.authorised is not True:
            weighing.says(UNAUTHORISED)
        return
    sent = authorisation.notice_sent_on
    if authorisation.authorised is False or sent is None or sent > day:
        weighing.says(UNAUTHORISED)
    if sent is None or sent > day:
        return
    last_day = None if authorisation.notice_days is None else sent + timedelta(days=authorisation.notice_days)
    if last_day is None or day <= last_day:
        weighing.says(RUNNING)
    objected = authorisation.objected_on
    if objected is not None and objected <= day and (last_day is None or objected <= last_day):
        weighing.disputed("objection-in-time", OBJECTION)
