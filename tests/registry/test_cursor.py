"""Eight publishers and a reader that polls: it misses no change, sees none twice, and in order."""

import asyncio
import itertools
import os
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx

from registry.actions import changes, drafts
from registry.actions.writing import writing
from registry.clock import Clock
from registry.database import Pool
from registry.resources.actors import Actor, Role
from registry.resources.changes import (
    ChangeDraft,
    DraftKind,
    DraftOperation,
    PartDraft,
    PostponementDraft,
    Publication,
    WithdrawalDraft,
)
from tests.registry.office import Office
from transfers import load_law

PUBLISHERS = 8
EACH = int(os.environ.get("ONWARD_TEST_PUBLICATIONS", "6"))
"""How many changes each of them publishes."""

DRAFTER = Actor(name="local:noor", holder="Noor", role=Role.PROCUREMENT)
PUBLISHER = Actor(name="local:bram", holder="Bram", role=Role.PRIVACY)


class Publisher:
    """Alters one vendor again and again; of three changes one is postponed and one withdrawn."""

    def __init__(self, pool: Pool, clock: Clock, vendor: UUID) -> None:
        self.pool, self.clock, self.vendor = pool, clock, vendor
        self.law = load_law()
        self.published: list[UUID] = []

    async def run(self) -> None:
        last: UUID | None = None
        for turn in range(EACH):
            what = turn % 3
            last = await self.publish(await self.draft(turn, what, last))

    async def draft(self, turn: int, what: int, last: UUID | None) -> UUID:
        async with self.pool.acquire() as db, writing(db, DRAFTER, self.clock) as w:
            if what == 1 and last is not None:
                given = PostponementDraft(reason="Later", effective_on=await self.day(turn + 1))
                return (await drafts.postpone(w, last, given)).id
            if what == 2:
                return (await drafts.withdraw(w, self.published[-2], WithdrawalDraft(reason="No"))).id
            part = PartDraft(
                sub_processor_id=self.vendor,
                operation=DraftOperation.SET,
                effective_on=await self.day(turn),
                patch={"links": {f"turn-{turn}": "https://vendor.example"}},
            )
            given_ = ChangeDraft(kind=DraftKind.MATERIAL_CHANGE, reason="Because", parts=[part])
            return (await drafts.draft(w, given_)).id

    async def publish(self, change_id: UUID) -> UUID:
        async with self.pool.acquire() as db, writing(db, PUBLISHER, self.clock) as w:
            await changes.publish(
                w,
                change_id,
                Publication(),
                today=self.clock.today(),
                law=self.law,
                notice_days=0,
                seen=lambda _: None,
                second_person=True,
            )
        self.published.append(change_id)
        return change_id

    async def day(self, turn: int) -> Any:
        return self.clock.today().replace(
            year=2027 + turn // 300, month=1 + turn // 25 % 12, day=1 + turn % 25
        )


async def follow(client: httpx.AsyncClient, after: int, done: asyncio.Event) -> list[dict[str, Any]]:
    """What a reader sees who asks for what came after what it has."""
    seen: list[dict[str, Any]] = []
    while True:
        last_look = done.is_set()
        answer = (await client.get("/v1/changes", params={"after": after, "limit": 5})).json()
        seen += answer["data"]
        after = answer["last_number"]
        if last_look and not answer["data"]:
            return seen


async def test_a_reader_misses_nothing_and_sees_nothing_twice_however_many_publish(
    office: Office, pool: Pool, clock: Clock
) -> None:
    vendors = [(await office.added(f"Vendor {number} GmbH"))[0] for number in range(PUBLISHERS)]
    begun = (await office.client.get("/v1/changes")).json()["last_number"]
    publishers = [Publisher(pool, clock, UUID(vendor)) for vendor in vendors]
    done = asyncio.Event()
    reader = asyncio.create_task(follow(office.client, begun, done))
    await asyncio.gather(*(publisher.run() for publisher in publishers))
    done.set()
    seen = await reader

    assert [each["number"] for each in seen] == list(range(begun + 1, begun + 1 + PUBLISHERS * EACH))
    assert {each["id"] for each in seen} == {str(key) for one in publishers for key in one.published}
    assert {each["kind"] for each in seen} == {"material_change", "postponement", "withdrawal"}
    assert _interleaved([each["parts"][0]["sub_processor_id"] for each in seen])


def _interleaved(vendors: Sequence[str]) -> bool:
    """Whether the publishers really ran beside each other."""
    turns = sum(one != following for one, following in itertools.pairwise(vendors))
    return turns > PUBLISHERS
