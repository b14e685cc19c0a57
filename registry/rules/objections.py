"""When a client may object, and what stands in the way (Article 28(2) GDPR).

N days for objections given on day D end with the whole of D+N. A notice that was not given has no end:
nobody can be late who was never told.
"""

from datetime import date

from registry.resources.changes import Notice
from registry.resources.notices import NoticeState, StoredNotice
from registry.resources.objections import Resolved
from registry.rules.notices import state

UPHELD = frozenset({Resolved.WITHDRAWN, Resolved.ALTERNATIVE_OFFERED, Resolved.TERMINATED})
"""Outcomes after which the change does not bind the client unless privacy decides to go on."""


def refusal(notice: StoredNotice, day: date) -> str | None:
    """Why the client cannot object on the day: what is, and what to do instead. None: it can."""
    number = notice.change_number
    decided = _decided(notice, day)
    if decided is not None:
        return decided
    if notice.owed is not Notice.FULL_PERIOD:
        return (
            f"Change {number} narrows or ends processing, so no objection to it is provided for. If it harms you,"
            " write to us."
        )
    if notice.objection_until is not None and day > notice.objection_until:
        return (
            f"Objections to change {number} were in time until {notice.objection_until}, that day included; the"
            f" notice was given on {notice.given_on}. Write to us: a contract may still be changed or ended."
        )
    return None


def _decided(notice: StoredNotice, day: date) -> str | None:
    """What was said or done about the change already, that leaves nothing to object to."""
    number = notice.change_number
    stands = state(notice, day)
    if stands is NoticeState.WITHDRAWN:
        return f"Change {number} was withdrawn, so there is nothing left to object to."
    if stands is NoticeState.OBJECTED:
        return (
            f"There is an open objection to change {number} already. Read it at /v1/objections, or take it back"
            " first and object anew."
        )
    if notice.objection is not None and notice.objection != "retracted":
        return (
            f"An objection to change {number} was decided: {notice.objection.replace('_', ' ')}. Read the decision"
            " at /v1/objections, and write to us about anything that it leaves open."
        )
    if stands is NoticeState.AUTHORISED:
        return (
            f"You have authorised change {number}. To take that back, refuse it at"
            f" /v1/clients/{notice.client_id}/authorisations."
        )
    return None
