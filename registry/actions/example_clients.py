"""The clients of the example register: made up, with channels that are said to be confirmed and told of nothing.

They come late in the example's history, so that the changes which are announced are announced to them too.
"""

from datetime import date
from uuid import UUID

from msgspec import convert

from registry.actions import clients as actions
from registry.actions.notices import give
from registry.actions.subscriptions import create as subscribe
from registry.actions.writing import writing
from registry.clock import Clock
from registry.database import Connection
from registry.resources.actors import Actor, Role
from registry.resources.clients import ClientDraft
from registry.resources.deliveries import DeliveryState
from registry.resources.instructions import NoRemoteAccess
from registry.resources.subscriptions import Channel, SubscriptionDraft, SubscriptionPurpose
from registry.settings import Settings
from registry.store import clients as store
from registry.store import deliveries as delivery_store
from registry.store import instructions as instruction_store
from registry.store import notices as notice_store
from registry.store import subscriptions as subscription_store

BEGUN = -60
"""On which day they are taken on, counted from today."""
ADMIN = Actor(name="example:admin", holder="Ada Wouters (example)", role=Role.ADMIN)
FIRST = "EX-HAVENDAM"
DECLARED = "Named in the contract of the example"
UNSENT = "The example sends nothing."


def drafts(begins: date) -> list[tuple[ClientDraft, str]]:
    """Each client with the address to which its notices go."""
    return [
        (_draft(reference, begins, **terms), f"privacy@{reference.lower().removeprefix('ex-')}.example")
        for reference, terms in (
            (
                FIRST,
                {
                    "name": "Stad Havendam",
                    "country": "BE",
                    "public_body": True,
                    "notice_days": 30,
                    "objection_days": 14,
                    "special_categories_agreed_on": begins.isoformat(),
                },
            ),
            (
                "EX-ALBION",
                {
                    "name": "Albion Retail Ltd",
                    "country": "GB",
                    "services": {"desk": True, "insight": True},
                    "notice_days": 14,
                    "objection_days": 10,
                },
            ),
            (
                "EX-EDELWEISS",
                {
                    "name": "Edelweiss Treuhand AG",
                    "country": "CH",
                    "services": {"payroll": True},
                    "authorisation": "specific",
                    "notice_days": 30,
                    "objection_days": 30,
                },
            ),
        )
    ]


async def take_on(db: Connection, clock: Clock, settings: Settings) -> None:
    """Take the clients on today, each with a channel; the last one instructs us too."""
    for draft, address in drafts(clock.today()):
        made = await actions.add(db, ADMIN, clock, settings, draft)
        channel = SubscriptionDraft(
            client_id=made.id,
            channel=Channel.EMAIL,
            purpose=SubscriptionPurpose.CONTRACT,
            address=address,
            declaration=DECLARED,
        )
        async with writing(db, ADMIN, clock) as w:
            await subscribe(w, channel, address, secret="", time_zone=settings.time_zone)
    async with writing(db, ADMIN, clock) as w:
        added = await instruction_store.add(
            db,
            made.id,
            rule=NoRemoteAccess(outside="adequate"),
            text="Clause 6 of the contract",
            first=w.today,
            last=None,
            flagged=None,
            at=w.at,
            recorded_by=ADMIN.name,
        )
        await w.journal("recorded", "instruction", added.id, added)


async def tell(db: Connection, clock: Clock, settings: Settings, change_id: UUID) -> None:
    """As if every client had got its notice at once: nothing of the example is ever sent to anybody."""
    async with writing(db, ADMIN, clock) as w:
        owed = await notice_store.page(db, client_id=None, change_id=change_id, before=None, limit=200)
        await give(w, {(change_id, notice.client_id): w.at for notice in owed}, settings.time_zone)
        for notice in owed:
            for channel in await subscription_store.working_contract_channels(db, notice.client_id):
                await delivery_store.stop(db, channel.id, DeliveryState.SUPPRESSED, w.at, UNSENT)


async def first(db: Connection) -> UUID | None:
    """The client whose key is shown when the example starts."""
    found = await store.find(db, None, FIRST)
    return found[0].id if found else None


def _draft(reference: str, begins: date, **terms: object) -> ClientDraft:
    contacts = {"privacy": {"name": f"Privacy desk of {terms['name']}", "contract": True}}
    body = {
        "reference": reference,
        "valid_from": begins.isoformat(),
        "terms": {**terms, "contacts": contacts},
    }
    return convert(body, ClientDraft)
