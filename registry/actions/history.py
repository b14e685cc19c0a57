"""What was published about one sub-processor, for its page."""

from uuid import UUID

from registry.database import Connection
from registry.resources.stored import ChangeRow
from registry.store import changes, sub_processors, subjects
from registry.store.subjects import Subject


async def of_sub_processor(db: Connection, sub_processor_id: UUID) -> list[ChangeRow]:
    """The published changes of it and of the facts about its organisation, newest first."""
    async with db.transaction(isolation="repeatable_read", readonly=True):
        known = await sub_processors.get(db, sub_processor_id)
        of_terms = await subjects.parts(db, Subject.SUB_PROCESSOR, [known.id])
        of_facts = await subjects.parts(db, Subject.ORGANISATION, [known.organisation_id])
        numbers = {part.number for parts in (*of_terms.values(), *of_facts.values()) for part in parts}
        rows = await changes.numbered(db, sorted(numbers))
    return sorted(rows, key=lambda row: row.number or 0, reverse=True)
