"""What is claimed and not proven, and what ends by its own date."""

from collections.abc import Iterator
from datetime import date

from msgspec import to_builtins

from registry.resources.attention import AttentionItem, Noun, Urgency
from registry.rules.attention.cases import Case
from registry.rules.differences import tool_words
from registry.rules.safeguards import safeguard_id


def safeguard_not_evidenced(case: Case) -> Iterator[AttentionItem]:
    """A safeguard that nobody has seen signed is claimed, not proven."""
    for held in case.held:
        for key, safeguard in sorted(held.terms.safeguards.items()):
            if safeguard.evidenced_on is None or safeguard.evidenced_on > case.today:
                yield AttentionItem(
                    code="safeguard_not_evidenced",
                    urgency=Urgency.OPEN,
                    noun=Noun.SAFEGUARD,
                    subject=f"{held.id}/{key}",
                    name=f"{held.name}: {tool_words(to_builtins(safeguard.tool))}",
                    message=f"The safeguard “{key}” of {held.name} is claimed only: nobody has seen it signed.",
                    to_do="See the signed document, and record the day as `evidenced_on` by a change.",
                    path=f"/v1/safeguards?sub_processor_id={held.id}",
                )


def safeguard_ends(case: Case) -> Iterator[AttentionItem]:
    """A safeguard whose own last day has come, or comes within the days looked ahead."""
    for held in case.held:
        for key, safeguard in sorted(held.terms.safeguards.items()):
            last = getattr(safeguard.tool, "ended_on", None)
            if isinstance(last, date) and last <= case.horizon:
                yield AttentionItem(
                    code="safeguard_ends",
                    urgency=_by(case, last),
                    noun=Noun.SAFEGUARD,
                    subject=f"{held.id}/{key}",
                    name=f"{held.name}: {tool_words(to_builtins(safeguard.tool))}",
                    message=f"The safeguard “{key}” of {held.name} {_ends(case, last)}.",
                    to_do="Conclude and record another one, or remove it from the terms by a change.",
                    until=last,
                    path=f"/v1/safeguards?sub_processor_id={held.id}#{safeguard_id(held.id, key)}",
                )


def certification_ends(case: Case) -> Iterator[AttentionItem]:
    """An entry on a list that a decision asks for, whose last day has come or comes soon."""
    for held in case.held:
        for key, entry in sorted(held.organisation.certifications.items()):
            last = entry.valid_until
            if last is not None and last <= case.horizon:
                yield AttentionItem(
                    code="certification_ends",
                    urgency=_by(case, last),
                    noun=Noun.CERTIFICATION,
                    subject=f"{held.organisation_id}/{key}",
                    name=f"{held.name}: {entry.framework.value}",
                    message=f"The entry of {held.name} on the list {entry.framework.value} {_ends(case, last)}.",
                    to_do="Look the list up, and record the new last day or the end by a change of its facts.",
                    until=last,
                    path=f"/v1/organisations/{held.organisation_id}",
                )


RULES = (safeguard_not_evidenced, safeguard_ends, certification_ends)


def _by(case: Case, last: date) -> Urgency:
    """What has ended already is not relied on by any verdict, so the record is merely to be put right."""
    if last < case.today:
        return Urgency.OPEN
    return case.soon(last)


def _ends(case: Case, last: date) -> str:
    return f"ended on {last}" if last < case.today else f"ends on {last}"
