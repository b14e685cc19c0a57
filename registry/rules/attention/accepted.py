"""Blocks that somebody accepted: whether what they were about still stands."""

from collections.abc import Callable
from uuid import UUID

from registry.rules.attention.cases import Case
from registry.rules.clients.instructions import contravened, standing
from registry.rules.clients.narrowing import is_special, narrowed, scope, special_agreed
from registry.rules.fold import on

LOOKED_AT_AGAIN = frozenset(
    {
        "transfer_not_covered",
        "flow_down_missing",
        "identity_incomplete",
        "client_unreachable",
        "objection_open",
    }
)
"""Codes of checks that a rule finds anew each day: what it no longer finds is mended."""
MOMENTARY = frozenset({"notice_too_short", "authorisation_pending"})
"""Codes of checks on the act of publishing itself: afterwards nothing is left to mend."""


def stands(case: Case, code: str, subject: str) -> bool:
    """Whether an accepted block is to be told by itself: no rule finds it, and it is not known to be mended."""
    if code in LOOKED_AT_AGAIN or code in MOMENTARY:
        return False
    still = STILL.get(code)
    return still is None or still(case, subject)


def special_categories_not_agreed(case: Case, subject: str) -> bool:
    """Of a client and a sub-processor: special categories are involved, and no agreement is on record."""
    reference, _, sub_processor_id = subject.partition("/")
    client = next((one for one in case.running if one.reference == reference), None)
    known = case.world.sub_processors.get(UUID(sub_processor_id))
    if client is None or known is None:
        return False
    within, terms = scope(client, case.today), on(known.periods, case.today)
    if within is None or terms is None or special_agreed(client, within, case.today):
        return False
    return is_special(narrowed(terms.document, known.id, within))


def instruction_contravened(case: Case, subject: str) -> bool:
    """Of a client, an instruction and a transfer: the instruction stands, and the transfer goes against it."""
    reference, _, rest = subject.partition("/")
    instruction_id, _, transfer_id = rest.partition("/")
    client = next((one for one in case.running if one.reference == reference), None)
    if client is None:
        return False
    rule = next(
        (one.rule for one in standing(client.instructions, case.today) if str(one.id) == instruction_id), None
    )
    if rule is None:
        return False
    return any(
        str(one.turn.span.hop.id) == transfer_id
        and contravened(rule, one.turn.judged(case.law), case.law) is not None
        for one in case.transfers
    )


STILL: dict[str, Callable[[Case, str], bool]] = {
    "special_categories_not_agreed": special_categories_not_agreed,
    "instruction_contravened": instruction_contravened,
}
