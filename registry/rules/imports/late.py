"""Whether a late change makes the list another one from today on, or only its past."""

from collections.abc import Sequence
from datetime import date, timedelta

from registry.resources.periods import TermsPeriod
from registry.rules.patches import Document
from registry.rules.proposals import Proposal

ONE_DAY = timedelta(days=1)


def alters_from(proposal: Proposal, day: date) -> bool:
    """Whether any subject's terms or facts differ on the day or later."""
    for part in proposal.proposed.parts:
        if part.sub_processor_id is not None:
            before = proposal.before.sub_processors[part.sub_processor_id].periods
            after = proposal.after.sub_processors[part.sub_processor_id].periods
        else:
            before = proposal.before.organisations[part.subject_id].periods
            after = proposal.after.organisations[part.subject_id].periods
        if _from(before, day) != _from(after, day):
            return True
    return False


def _from(periods: Sequence[TermsPeriod], day: date) -> list[tuple[date, date | None, Document]]:
    """What holds from the day on; periods that say the same are one, whichever changes made them."""
    found: list[tuple[date, date | None, Document]] = []
    for period in periods:
        if period.last is not None and period.last < day:
            continue
        first = max(period.first or day, day)
        if found and found[-1][1] == first - ONE_DAY and found[-1][2] == period.document:
            first = found.pop()[0]
        found.append((first, period.last, period.document))
    return found
