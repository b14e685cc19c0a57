"""Everything that needs attention in one order, with what was accepted beside it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from msgspec.structs import replace

from registry.resources.attention import AcceptedBlock, AttentionItem, Noun, Urgency
from registry.rules.attention import coverage, duties, proof
from registry.rules.attention.cases import Case

Rule = Callable[[Case], Iterator[AttentionItem]]

RULES: tuple[Rule, ...] = (*coverage.RULES, *proof.RULES, *duties.RULES)

LOOKED_AT_AGAIN = frozenset({"transfer_not_covered", "flow_down_missing", "identity_incomplete"})
"""Codes of checks that a rule finds anew each day: what it no longer finds is mended."""
MOMENTARY = frozenset({"notice_too_short", "objection_open", "authorisation_pending"})
"""Codes of checks on the act of publishing itself: afterwards nothing is left to mend."""

_ORDER = {urgency: place for place, urgency in enumerate(Urgency)}


def everything(case: Case, others: Iterable[AttentionItem] = ()) -> list[AttentionItem]:
    """All items by urgency, then by the nearest last day, then by how long it is so.

    ``others`` are those of groups that look at more than the register: notices, deliveries, objections.
    """
    found = [item for rule in RULES for item in rule(case)]
    found += others
    items = [_with_acceptance(case, item) for item in found]
    items += _standing(case, {(item.code, item.subject) for item in found})
    return sorted(items, key=_urgent_first)


def _urgent_first(item: AttentionItem) -> tuple[int, date, date, str, str]:
    return (
        _ORDER[item.urgency],
        item.until or date.max,
        item.since or date.max,
        item.code,
        f"{item.name} {item.subject}",
    )


def _with_acceptance(case: Case, item: AttentionItem) -> AttentionItem:
    accepted = case.accepted.get((item.code, item.subject))
    return item if accepted is None else replace(item, accepted=accepted)


def _standing(case: Case, told: set[tuple[str, str]]) -> Iterator[AttentionItem]:
    """Accepted blocks that no rule looks at again: on somebody's word until the change is withdrawn."""
    for (code, subject), accepted in case.accepted.items():
        if code in LOOKED_AT_AGAIN or code in MOMENTARY or (code, subject) in told:
            continue
        yield AttentionItem(
            code=code,
            urgency=Urgency.OPEN,
            noun=Noun.CHANGE,
            subject=subject,
            name=_name(code, accepted),
            message=(
                f"Change {accepted.number} was published although this stood against it;"
                f" {accepted.by} accepted it."
            ),
            to_do="See that it is mended, or withdraw the change.",
            path=f"/v1/changes/{accepted.change_id}",
            accepted=accepted,
        )


def _name(code: str, accepted: AcceptedBlock) -> str:
    return f"Change {accepted.number}: {code.replace('_', ' ')}"
