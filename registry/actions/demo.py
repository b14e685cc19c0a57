"""Loading the example register: only into an empty one, marked as an example on every page."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from msgspec import convert

from registry.actions import access_keys, changes, drafts, example_clients
from registry.actions import services as service_actions
from registry.actions.example import SERVICES, Step, steps, vendors
from registry.actions.parts import add_sub_processor
from registry.actions.register import ensure_owner
from registry.actions.reviews import examine
from registry.actions.writing import writing
from registry.clock import Clock
from registry.database import Connection
from registry.errors import ConflictError
from registry.resources.access_keys import AccessKeyCreated, AccessKeyDraft, KeyRole
from registry.resources.actors import Actor, Role
from registry.resources.changes import (
    Acceptance,
    ChangeDraft,
    CheckLevel,
    PostponementDraft,
    Publication,
    WithdrawalDraft,
)
from registry.resources.organisations import OrganisationFacts
from registry.settings import Settings
from registry.store import access_keys as access_key_store
from registry.store import head
from registry.store import register as store
from registry.store.register import Register
from transfers.law import Law

NAME = "MIBNtech"
KEY_DAYS = 30
BEGUN = -421
"""On which day the example begins, counted from today."""
DRAFTER = Actor(name="example:procurement", holder="Noor Peeters (example)", role=Role.PROCUREMENT)
PUBLISHER = Actor(name="example:privacy", holder="Bram Claes (example)", role=Role.PRIVACY)
ACCEPTED = "Accepted for the example, so that there is a transfer that nothing covers"


class MomentClock(Clock):
    """A clock that stands at a moment of the example's past."""

    def __init__(self, settings: Settings, moment: datetime) -> None:
        super().__init__(settings)
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


async def load(db: Connection, clock: Clock, settings: Settings, law: Law) -> list[AccessKeyCreated]:
    """Load the example where nothing was ever written, and make a fresh key for each role.

    The keys of its earlier starts end. `ConflictError` where the register is anything but the example: what was
    begun as a real one, even with its own organisation or a key alone, stays one.
    """
    if not (await store.read(db)).example:
        async with db.transaction():
            # Two starters at once queue here; the second finds the example.
            seen = await head.lock(db, _moment(settings, clock.today(), BEGUN).now())
            if seen.journal_no == 0:
                await _fill(db, clock, settings, law)
            elif not (await store.read(db)).example:
                raise ConflictError(_refusal(settings))
    return await _fresh_keys(db, clock)


def _refusal(settings: Settings) -> str:
    other = (
        "another directory by ONWARD_DATA_DIR"
        if settings.database_url is None
        else "another database by DATABASE_URL, or leave DATABASE_URL out for an embedded one"
    )
    return (
        "A register has been begun here already, so the example is not loaded into it. Start without --demo to use"
        f" it, or give the example {other}."
    )


async def _fresh_keys(db: Connection, clock: Clock) -> list[AccessKeyCreated]:
    client_id = await example_clients.first(db)
    # An example of an earlier version has no client to which a key could belong.
    roles = [role for role in KeyRole if role is not KeyRole.CLIENT or client_id is not None]
    holders = {role: f"example {role.value}" for role in roles}
    earlier = await access_key_store.unrevoked_of(db, list(holders.values()), access_keys.SYSTEM.name)
    for access_key_id in earlier:
        await access_keys.revoke(db, access_keys.SYSTEM, clock, access_key_id)
    return [
        await access_keys.create(
            db,
            access_keys.SYSTEM,
            clock,
            AccessKeyDraft(
                role=role,
                holder=holder,
                days=KEY_DAYS,
                client_id=client_id if role is KeyRole.CLIENT else None,
            ),
        )
        for role, holder in holders.items()
    ]


async def _fill(db: Connection, clock: Clock, settings: Settings, law: Law) -> None:
    today = clock.today()
    begun = _moment(settings, today, BEGUN)
    owner = Settings(data_dir=settings.data_dir, time_zone=settings.time_zone, name=NAME, country="BE")
    await ensure_owner(db, begun, owner)
    await store.write(db, Register(name=NAME, example=True))
    for service in SERVICES:
        await service_actions.add(db, DRAFTER, begun, service)
    known: dict[str, tuple[UUID, UUID]] = {}
    async with writing(db, DRAFTER, begun) as w:
        for key, facts in vendors().items():
            known[key] = await add_sub_processor(w, convert(facts, OrganisationFacts), f"vendors.{key}")
    published: list[UUID] = []
    clients_begin = _moment(settings, today, example_clients.BEGUN)
    for step in steps(today):
        moment = _moment(settings, today, step.published)
        if step.published > example_clients.BEGUN and await example_clients.first(db) is None:
            await example_clients.take_on(db, clients_begin, settings)
        change_id = await _draft(db, moment, step, today=today, known=known, published=published)
        if not step.draft:
            await _publish(db, moment, settings, change_id, law)
            await example_clients.tell(db, moment, settings, change_id)
        published.append(change_id)


def _moment(settings: Settings, today: date, days: int) -> MomentClock:
    day = today + timedelta(days=days)
    morning = datetime.combine(day, time(9, 30), settings.time_zone)
    return MomentClock(settings, morning.astimezone(UTC))


async def _draft(
    db: Connection,
    clock: Clock,
    step: Step,
    *,
    today: date,
    known: dict[str, tuple[UUID, UUID]],
    published: list[UUID],
) -> UUID:
    async with writing(db, DRAFTER, clock) as w:
        if step.about is not None and step.later is not None:
            later = today + timedelta(days=step.later)
            given = PostponementDraft(reason=step.reason, effective_on=later)
            return (await drafts.postpone(w, published[step.about], given)).id
        if step.about is not None:
            withdrawal = WithdrawalDraft(reason=step.reason)
            return (await drafts.withdraw(w, published[step.about], withdrawal)).id
        parts = []
        for vendor, operation, day, patch in step.parts:
            kind, _, key = vendor.rpartition(":")
            sub_processor_id, organisation_id = known[key]
            subject = (
                {"organisation_id": organisation_id}
                if kind == "organisation"
                else {"sub_processor_id": sub_processor_id}
            )
            effective_on = today + timedelta(days=day)
            parts.append({**subject, "operation": operation, "effective_on": effective_on, "patch": patch})
        draft = convert({"kind": step.kind, "reason": step.reason, "parts": parts}, ChangeDraft)
        return (await drafts.draft(w, draft)).id


async def _publish(db: Connection, clock: Clock, settings: Settings, change_id: UUID, law: Law) -> None:
    async with writing(db, PUBLISHER, clock) as w:
        reviewed = await examine(
            db, change_id, today=clock.today(), law=law, notice_days=settings.notice_days
        )
        accept = [
            Acceptance(code=check.code, subject=check.subject, reason=ACCEPTED)
            for check in reviewed.checks
            if check.level is CheckLevel.BLOCKS
        ]
        await changes.publish(
            w,
            change_id,
            Publication(accept=accept),
            today=clock.today(),
            law=law,
            notice_days=settings.notice_days,
            second_person=True,
            seen=lambda _: None,
        )
