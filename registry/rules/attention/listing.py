"""Everything that needs attention in one order, with what was accepted beside it."""

from collections.abc import Callable, Iterator
from datetime import date

from msgspec.structs import replace

from registry.resources.attention import AcceptedBlock, AttentionItem, Noun, Urgency
from registry.rules.attention import (
    clients,
    coverage,
    duties,
    instructions,
    notices,
    proof,
    publications,
    watches,
)
from registry.rules.attention.accepted import stands
from registry.rules.attention.cases import Case

Rule = Callable[[Case], Iterator[AttentionItem]]

RULES: tuple[Rule, ...] = (
    *coverage.RULES,
    *proof.RULES,
    *duties.RULES,
    *clients.RULES,
    *instructions.RULES,
    *notices.RULES,
    *publications.RULES,
    *watches.RULES,
)

_ORDER = {urgency: place for place, urgency in enumerate(Urgency)}


def everything(case: Case) -> list[AttentionItem]:
    """All items by urgency, then by the nearest last day, then by how long it is so."""
    found = [item for rule in RULES for item in rule(case)]
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
    """A block that is about a client's rules is accepted for each client by itself."""
    subjects = (item.subject, *(f"{reference}/{item.subject}" for reference in item.clients))
    accepted = (case.accepted.get((item.code, subject)) for subject in subjects)
    return replace(item, accepted=next(filter(None, accepted), None))


def _standing(case: Case, told: set[tuple[str, str]]) -> Iterator[AttentionItem]:
    """Accepted blocks that no rule tells: on somebody's word until they are mended or the change is withdrawn."""
    for (code, subject), accepted in case.accepted.items():
        if (code, subject) in told or not stands(case, code, subject):
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
