"""Instructions of clients in PostgreSQL."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from registry.database import Connection
from registry.errors import NotFoundError
from registry.resources.instructions import Flag, Instruction, InstructionRule
from registry.store.spans import last_day, to_range

INSERT = """
    INSERT INTO instruction (client_id, valid, document, flagged, recorded_at, recorded_by)
    VALUES ($1, $2, $3, $4, $5, $6)
    RETURNING id, version, client_id, valid, document, flagged, recorded_at, recorded_by
"""

SELECT = """
    SELECT id, version, client_id, valid, document, flagged, recorded_at, recorded_by FROM instruction
    WHERE $1::uuid[] IS NULL OR client_id = ANY($1::uuid[])
    ORDER BY id
"""

SELECT_ONE = """
    SELECT id, version, client_id, valid, document, flagged, recorded_at, recorded_by FROM instruction
    WHERE client_id = $1 AND id = $2
"""

END = """
    UPDATE instruction SET valid = $2, version = version + 1 WHERE id = $1
    RETURNING id, version, client_id, valid, document, flagged, recorded_at, recorded_by
"""


class _Document(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of an instruction besides its days."""

    rule: InstructionRule
    text: str | None


async def add(
    db: Connection,
    client_id: UUID,
    *,
    rule: InstructionRule,
    text: str | None,
    first: date,
    last: date | None,
    flagged: Flag | None,
    at: datetime,
    recorded_by: str,
) -> Instruction:
    document = msgspec.to_builtins(_Document(rule=rule, text=text))
    flag = msgspec.to_builtins(flagged)
    [row] = await db.fetch(INSERT, client_id, to_range(first, last), document, flag, at, recorded_by)
    return _instruction(row)


async def of_clients(db: Connection, ids: Sequence[UUID] | None = None) -> list[Instruction]:
    """The instructions of the named clients, or of all, in the order of their recording."""
    return [_instruction(row) for row in await db.fetch(SELECT, None if ids is None else list(ids))]


async def get(db: Connection, client_id: UUID, instruction_id: UUID) -> Instruction:
    row = await db.fetchrow(SELECT_ONE, client_id, instruction_id)
    if row is None:
        raise NotFoundError(f"There is no instruction {instruction_id} of this client.")
    return _instruction(row)


async def end(db: Connection, instruction: Instruction, last: date) -> Instruction:
    [row] = await db.fetch(END, instruction.id, to_range(instruction.valid_from, last))
    return _instruction(row)


def _instruction(row: Record) -> Instruction:
    document = msgspec.convert(row["document"], _Document)
    return Instruction(
        id=row["id"],
        version=row["version"],
        client_id=row["client_id"],
        rule=document.rule,
        text=document.text,
        valid_from=row["valid"].lower,
        valid_until=last_day(row["valid"]),
        flagged=msgspec.convert(row["flagged"], Flag | None),
        recorded_at=row["recorded_at"],
        recorded_by=row["recorded_by"],
    )
