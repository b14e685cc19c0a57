"""A small register for the pages: published by the real actions, without HTTP."""

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

import transfers
from registry.actions import drafts
from registry.actions.changes import publish
from registry.actions.reviews import examine
from registry.actions.writing import writing
from registry.clock import Clock
from registry.database import Pool
from registry.resources.actors import Actor, Role
from registry.resources.changes import (
    Acceptance,
    ChangeDraft,
    CheckLevel,
    PostponementDraft,
    Publication,
    WithdrawalDraft,
)
from registry.resources.stored import ChangeRow
from registry.store import organisations, register
from registry.store.register import Register
from transfers.law import Law

OPERATOR = Actor(name="local:test", holder="test", role=Role.ADMIN)
PUBLISHER = Actor(name="local:second", holder="second", role=Role.ADMIN)
NOTICE_DAYS = 30
OURS = {"legal_name": "MIBNtech", "country": "BE"}
BREVO = {"legal_name": "Sendinblue SAS", "trading_name": "Brevo", "country": "FR"}
FRANKFURT = {"role": "storage", "text": "Frankfurt, Germany", "country": "DE"}
LYON = {"role": "backup", "text": "Lyon, France", "country": "FR"}


def use(**given: Any) -> dict[str, Any]:
    return {
        "purpose": "Sending newsletters",
        "data": {"contact": {"text": "E-mail addresses"}},
        "type": "service_specific",
        "places": {"frankfurt": FRANKFURT},
    } | given


def start(organisation: dict[str, Any] | None = None, on: str = "2026-01-01", **terms: Any) -> dict[str, Any]:
    """The draft of an addition."""
    return {
        "kind": "added",
        "reason": "We send mail.",
        "parts": [
            {
                "sub_processor": {"organisation": organisation or BREVO},
                "operation": "start",
                "effective_on": on,
                "patch": {"uses": {"mail": use()}} | terms,
            }
        ],
    }


def alter(sub_processor: UUID, on: str, patch: dict[str, Any]) -> dict[str, Any]:
    """The draft of a material change."""
    part = {"sub_processor_id": str(sub_processor), "operation": "set", "effective_on": on, "patch": patch}
    return {"kind": "material_change", "reason": "Second data centre", "parts": [part]}


def end(sub_processor: UUID, on: str) -> dict[str, Any]:
    part = {"sub_processor_id": str(sub_processor), "operation": "end", "effective_on": on}
    return {"kind": "removed", "reason": "Not needed any more", "parts": [part]}


def subject(change: ChangeRow) -> UUID:
    """The one sub-processor that a change is about."""
    [part] = change.parts
    assert part.sub_processor_id is not None
    return part.sub_processor_id


@cache
def law() -> Law:
    return transfers.load_law()


class Desk:
    """Where changes are drafted and published.

    ``forget`` is what an app in the same process does once it has written.
    """

    def __init__(self, pool: Pool, clock: Clock, forget: Callable[[], None]) -> None:
        self._pool = pool
        self._clock = clock
        self._forget = forget

    async def open(self, name: str = "MIBNtech sub-processors", *, example: bool = False) -> None:
        """Name the register and its owner, who exports."""
        async with self._pool.acquire() as db:
            await register.write(db, Register(name=name, example=example))
            await organisations.add(db, own=True, document=OURS, at=self._clock.now())

    async def draft(self, draft: dict[str, Any]) -> ChangeRow:
        async with self._pool.acquire() as db, writing(db, OPERATOR, self._clock) as w:
            return await drafts.draft(w, msgspec.convert(draft, ChangeDraft))

    async def publish(self, draft: dict[str, Any]) -> ChangeRow:
        return await self._publish((await self.draft(draft)).id)

    async def withdraw(self, change: UUID) -> ChangeRow:
        async with self._pool.acquire() as db, writing(db, OPERATOR, self._clock) as w:
            row = await drafts.withdraw(w, change, WithdrawalDraft(reason="Not after all"))
        return await self._publish(row.id)

    async def postpone(self, change: UUID, on: str) -> ChangeRow:
        given = msgspec.convert({"reason": "Later", "effective_on": on}, PostponementDraft)
        async with self._pool.acquire() as db, writing(db, OPERATOR, self._clock) as w:
            row = await drafts.postpone(w, change, given)
        return await self._publish(row.id)

    async def _publish(self, change: UUID) -> ChangeRow:
        """Publish as a second person who accepts every block that can be."""
        async with self._pool.acquire() as db, writing(db, PUBLISHER, self._clock) as w:
            today = self._clock.today()
            reviewed = await examine(db, change, today=today, law=law(), notice_days=NOTICE_DAYS)
            row = await publish(
                w,
                change,
                Publication(
                    accept=[
                        Acceptance(code=check.code, subject=check.subject, reason="for the test")
                        for check in reviewed.checks
                        if check.level is CheckLevel.BLOCKS and check.acceptable
                    ]
                ),
                today=today,
                law=law(),
                notice_days=NOTICE_DAYS,
                second_person=True,
                seen=lambda _: None,
            )
        self._forget()
        return row
