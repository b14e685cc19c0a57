"""The law as it is beside the law as it would be: where the two can disagree at all, and from when on."""

from datetime import date, timedelta

from msgspec.structs import replace

from transfers.facts import Facts
from transfers.law import Law
from transfers.records import Adequacy
from transfers.standing import LAST_DAY, event_days
from transfers.turning import standings

ONE_DAY = timedelta(days=1)


class Laws:
    """The law as it is and as it would be, with what the two say of each destination compared once."""

    def __init__(self, now: Law, then: Law) -> None:
        self.now = now
        self.then = then
        self.differ_from = _first_difference(now, then)
        self._same: dict[tuple[int, int], bool] = {}

    def differ(self, facts: Facts) -> bool:
        """Whether they can disagree about these facts on any day.

        Decisions and lists reach a verdict only through the standing of the places in question.
        """
        pairs = zip(standings(facts, self.now), standings(facts, self.then), strict=True)
        for now, then in pairs:
            key = (id(now), id(then))
            same = self._same.get(key)
            if same is None:
                same = self._same[key] = now == then
            if not same:
                return True
        return False


def _first_difference(now: Law, then: Law) -> date:
    """The first day on which the two may disagree: an end that was moved alters nothing before the earlier one."""
    one, other = ({record.id: record for record in law.records.adequacy} for law in (now, then))
    days = [LAST_DAY]
    for key in one.keys() | other.keys():
        before, after = one.get(key), other.get(key)
        if before == after:
            continue
        if before is not None and after is not None and _without_end(before) == _without_end(after):
            ends = (record.last_day for record in (before, after) if record.last_day is not None)
            days += [last + ONE_DAY for last in ends if last < LAST_DAY]
        else:
            days += [day for record in (before, after) if record for day, _ in event_days(record)]
    return min(days)


def _without_end(decision: Adequacy) -> Adequacy:
    return replace(decision, last_day=None, ended=None, ended_by=None)
