"""The rows of an import's report: what becomes of each row of the list, and of what the list no longer has."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from registry.resources.imports import ImportAction, ImportedPlace, ImportedRow, ImportQuestion
from registry.resources.periods import TermsPeriod
from registry.resources.world import KnownSubProcessor
from registry.rules.imports.entities import Listed, Rejected
from registry.rules.imports.rows import Use


def rejected(row: Rejected) -> ImportedRow:
    return ImportedRow(row=row.row, action=ImportAction.REJECT, name=row.name, problems=row.reasons)


def left_out(row: Rejected) -> ImportedRow:
    """A row that says itself that it is not on the list of the day."""
    return ImportedRow(row=row.row, action=ImportAction.SAME, name=row.name, problems=row.reasons)


def rows_of(
    listed: Listed, action: ImportAction, known: KnownSubProcessor | None, remarks: tuple[str, ...]
) -> list[ImportedRow]:
    return [
        row_of(use, action, known, remarks if number == 0 else ()) for number, use in enumerate(listed.uses)
    ]


def row_of(
    use: Use,
    action: ImportAction,
    known: KnownSubProcessor | None,
    remarks: Sequence[str],
) -> ImportedRow:
    return ImportedRow(
        row=use.row,
        action=action,
        name=use.written,
        sub_processor_id=known.id if known else None,
        places=tuple(
            ImportedPlace(
                text=where.text,
                role=where.role,
                country=where.country,
                subdivision=where.subdivision,
                city=where.city,
                group=where.group,
            )
            for where in use.places
        ),
        problems=(*remarks, *use.problems),
    )


def gone(name: str, key: UUID, action: ImportAction, *problems: str) -> ImportedRow:
    """What the list does not have any more."""
    return ImportedRow(row=None, action=action, name=name, sub_processor_id=key, problems=problems)


def starts_later(start: date, day: date) -> str:
    """Why a row cannot be taken of what the register has from a later day on."""
    return (
        f"The register has it from {start} on, and not on {day}. If it was there earlier, withdraw the change that"
        f" starts it on {start} and import again; if not, import with {start} as the day (`effective_on`,"
        " --effective-on), or leave the row out."
    )


def starts_now(period: TermsPeriod, day: date) -> str:
    """Why a start is withdrawn: it cannot end on the day on which it begins, so it never was."""
    return (
        f"It is on the register from {day} on, and the list of that day does not have it. Change"
        f" {period.changes[0]}, which starts it, is withdrawn, as if it had never been."
    )


def asked(question: ImportQuestion, other: str) -> str:
    """A question as it stands in a row."""
    pair = f"{question.registered}={question.listed}"
    return (
        f"Is it “{other}” under another name? It is asked because {question.reason}. Say so by --same “{pair}”, or"
        f" --different “{pair}” (`same`, `different`): it is remembered. Unsaid, they are two."
    )
