"""Reading the register as one value, as it is or as it was known at a change number."""

from collections.abc import Mapping
from uuid import UUID

from registry.database import Connection
from registry.resources.periods import TermsPeriod
from registry.resources.world import KnownOrganisation, KnownSubProcessor, World
from registry.rules.fold import fold
from registry.store import head as head_store
from registry.store import organisations as organisation_store
from registry.store import services as service_store
from registry.store import sub_processors as sub_processor_store
from registry.store import subjects
from registry.store.subjects import Subject


async def read(db: Connection, known: int | None = None) -> World:
    """The whole register in one snapshot.

    `known` folds the published changes up to that number only; without it the stored projection of
    the fold is read.
    """
    async with db.transaction(isolation="repeatable_read", readonly=True):
        return await within(db, known)


async def within(db: Connection, known: int | None = None) -> World:
    """As `read`, inside a transaction that is open already and sees what it has written."""
    head = await head_store.read(db)
    organisations = await organisation_store.everything(db)
    sub_processors = await sub_processor_store.everything(db)
    services = await service_store.everything(db)
    if known is None or known >= head.change_no:
        terms: Mapping[UUID, list[TermsPeriod]] = await subjects.periods(db, Subject.SUB_PROCESSOR)
        facts: Mapping[UUID, list[TermsPeriod]] = await subjects.periods(db, Subject.ORGANISATION)
    else:
        parts = await subjects.parts(db, Subject.SUB_PROCESSOR, [row.id for row in sub_processors])
        terms = {key: fold(of_one, known=known) for key, of_one in parts.items()}
        parts = await subjects.parts(db, Subject.ORGANISATION, [row.id for row in organisations])
        documents = {row.id: row.document for row in organisations}
        facts = {key: fold(of_one, documents[key], known) for key, of_one in parts.items()}
    return World(
        change_no=head.change_no if known is None else min(known, head.change_no),
        journal_no=head.journal_no,
        services={service.key: service.name for service in services},
        organisations={
            row.id: KnownOrganisation(
                id=row.id,
                version=row.version,
                own=row.own,
                document=row.document,
                created_at=row.created_at,
                periods=tuple(facts.get(row.id, ())),
            )
            for row in organisations
        },
        sub_processors={
            row.id: KnownSubProcessor(
                id=row.id,
                organisation_id=row.organisation_id,
                periods=tuple(terms.get(row.id, ())),
            )
            for row in sub_processors
        },
    )
