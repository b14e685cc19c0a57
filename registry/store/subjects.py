"""Subjects of change: sub-processors and organisations, their published parts and their periods.

The periods are a projection of the fold.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import Enum
from uuid import UUID

from asyncpg import Record

from registry.database import Connection
from registry.resources.changes import Operation
from registry.resources.periods import PublishedPart, TermsPeriod
from registry.store.spans import last_day, to_range


class Subject(Enum):
    """The two things that changes write."""

    SUB_PROCESSOR = "sub_processor"
    ORGANISATION = "organisation"


PARTS = {
    Subject.SUB_PROCESSOR: """
        SELECT p.sub_processor_id AS subject, c.number, p.operation, p.effective_on, p.patch, a.number AS about
        FROM change_part p
        JOIN change c ON c.id = p.change_id
        LEFT JOIN change a ON a.id = c.about
        WHERE p.sub_processor_id = ANY($1::uuid[]) AND c.number IS NOT NULL
        ORDER BY c.number
    """,
    Subject.ORGANISATION: """
        SELECT p.organisation_id AS subject, c.number, p.operation, p.effective_on, p.patch, a.number AS about
        FROM change_part p
        JOIN change c ON c.id = p.change_id
        LEFT JOIN change a ON a.id = c.about
        WHERE p.organisation_id = ANY($1::uuid[]) AND c.number IS NOT NULL
        ORDER BY c.number
    """,
}

FORGET = {
    Subject.SUB_PROCESSOR: "DELETE FROM sub_processor_terms WHERE sub_processor_id = ANY($1::uuid[])",
    Subject.ORGANISATION: "DELETE FROM organisation_terms WHERE organisation_id = ANY($1::uuid[])",
}

PROJECT = {
    Subject.SUB_PROCESSOR: """
        INSERT INTO sub_processor_terms (sub_processor_id, valid, document, changes) VALUES ($1, $2, $3, $4)
    """,
    Subject.ORGANISATION: """
        INSERT INTO organisation_terms (organisation_id, valid, document, changes) VALUES ($1, $2, $3, $4)
    """,
}

PERIODS = {
    Subject.SUB_PROCESSOR: """
        SELECT sub_processor_id AS subject, valid, document, changes
        FROM sub_processor_terms
        WHERE $1::uuid[] IS NULL OR sub_processor_id = ANY($1::uuid[])
        ORDER BY sub_processor_id, valid
    """,
    Subject.ORGANISATION: """
        SELECT organisation_id AS subject, valid, document, changes
        FROM organisation_terms
        WHERE $1::uuid[] IS NULL OR organisation_id = ANY($1::uuid[])
        ORDER BY organisation_id, valid
    """,
}


async def parts(db: Connection, subject: Subject, ids: Sequence[UUID]) -> dict[UUID, list[PublishedPart]]:
    """The published parts of each subject, oldest first; a subject without any has an empty list."""
    found: dict[UUID, list[PublishedPart]] = {key: [] for key in ids}
    for row in await db.fetch(PARTS[subject], list(ids)):
        found[row["subject"]].append(
            PublishedPart(
                number=row["number"],
                operation=Operation(row["operation"]),
                effective_on=row["effective_on"],
                patch=row["patch"],
                about=row["about"],
            )
        )
    return found


async def project(db: Connection, subject: Subject, periods: Mapping[UUID, Sequence[TermsPeriod]]) -> None:
    """Rewrite the periods of the subjects; PostgreSQL refuses any two of one subject that overlap."""
    await db.execute(FORGET[subject], list(periods))
    await db.executemany(
        PROJECT[subject],
        [
            (subject_id, to_range(period.first, period.last), period.document, list(period.changes))
            for subject_id, of_one in periods.items()
            for period in of_one
        ],
    )


async def periods(
    db: Connection, subject: Subject, ids: Sequence[UUID] | None = None
) -> dict[UUID, list[TermsPeriod]]:
    """The periods of the named subjects, or of all, in the order of their days."""
    found: defaultdict[UUID, list[TermsPeriod]] = defaultdict(list)
    for row in await db.fetch(PERIODS[subject], list(ids) if ids is not None else None):
        found[row["subject"]].append(_period(row))
    return found


def _period(row: Record) -> TermsPeriod:
    valid = row["valid"]
    return TermsPeriod(
        first=valid.lower,
        last=last_day(valid),
        document=row["document"],
        changes=tuple(row["changes"]),
    )
