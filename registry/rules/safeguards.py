"""Safeguards on record: the instruments in the terms of a day."""

from datetime import date
from uuid import UUID, uuid5

from msgspec import to_builtins

from registry.resources.organisations import OrganisationFacts
from registry.resources.terms import Safeguard, Terms
from registry.resources.transfers import SafeguardRecord
from registry.resources.world import World
from registry.rules.differences import tool_words
from registry.rules.documents import read
from registry.rules.fold import on
from registry.rules.hops import NAMESPACE


def records(world: World, day: date) -> list[SafeguardRecord]:
    """Every instrument in the terms of the day, in the order of their ids."""
    found = []
    for sub_processor in world.sub_processors.values():
        period = on(sub_processor.periods, day)
        if period is None or period.first is None:
            continue
        organisation = world.organisations[sub_processor.organisation_id]
        name = read(organisation.document_on(day), OrganisationFacts).legal_name
        terms = read(period.document, Terms)
        for key, safeguard in terms.safeguards.items():
            tool = to_builtins(safeguard.tool)
            found.append(
                SafeguardRecord(
                    id=safeguard_id(sub_processor.id, key),
                    sub_processor_id=sub_processor.id,
                    sub_processor=name,
                    key=key,
                    position=safeguard.position,
                    type=tool["type"],
                    name=tool_words(tool),
                    tool=tool,
                    reference=safeguard.reference,
                    status=_status(safeguard, tool, day),
                    evidenced_on=safeguard.evidenced_on,
                    valid_from=period.first,
                    valid_until=period.last,
                )
            )
    return sorted(found, key=lambda record: record.id)


def safeguard_id(sub_processor_id: UUID, key: str) -> UUID:
    """The same through all periods."""
    return uuid5(NAMESPACE, f"{sub_processor_id}/safeguards/{key}")


def _status(safeguard: Safeguard, tool: dict[str, object], day: date) -> str:
    """Expired on a recorded end, evidenced once somebody saw the document, claimed until then."""
    ended = tool.get("ended_on")
    if isinstance(ended, str) and date.fromisoformat(ended) < day:
        return "expired"
    seen = safeguard.evidenced_on
    return "evidenced" if seen is not None and seen <= day else "claimed"
