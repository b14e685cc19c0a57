"""Notices: made when a change is published, given when a receiving server accepts one, told by deliveries.

Nothing here sends anything: a delivery is a row, and a worker takes it from there.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from registry.actions.news import scopes_of
from registry.actions.writing import Writing
from registry.database import Connection
from registry.errors import ConflictError, Fault, InvalidError, NotFoundError
from registry.resources.changes import AlreadyTold, ChangeKind, Notice
from registry.resources.deliveries import Occasion
from registry.resources.notices import ClientNotice, NoticeState
from registry.resources.stored import ChangeRow
from registry.rules import notices as rules
from registry.rules.audience import Touched
from registry.rules.scopes import RETRACTING
from registry.rules.views import frozen, public_parts
from registry.store import changes as change_store
from registry.store import deliveries as delivery_store
from registry.store import notices as store
from registry.store import subscriptions as subscription_store
from registry.store.notices import Accepted, Given, Owing
from transfers.law import Law


class Announced(Struct, frozen=True, kw_only=True):
    """A change that is being published, with those whom it touches."""

    change: ChangeRow
    audience: Sequence[Touched]
    already_told: AlreadyTold | None
    """How the clients were told by other means; then nobody is told again."""


async def announce(
    w: Writing,
    change: ChangeRow,
    audience: Sequence[Touched],
    already_told: AlreadyTold | None,
    law: Law,
) -> None:
    """Make the notices and deliveries of one change that is being published, in its transaction."""
    await announce_all(w, [Announced(change=change, audience=audience, already_told=already_told)], law)


async def announce_all(w: Writing, announced: Sequence[Announced], law: Law) -> None:
    """Make the notices and deliveries of changes that are being published, in their transaction.

    Where the clients were told already, their notices say since when, and no delivery is made: the list, the feeds
    and `GET /v1/changes` have the change all the same. Whose contract began after that day is told now, as ever.
    """
    for one in announced:
        await _owe(w, one)
    if not await subscription_store.is_anybody_told(w.db):
        return
    for one in announced:
        await delivery_store.announce_notices(w.db, one.change.id, w.at)
    telling = [one.change for one in announced if one.already_told is None]
    if not telling:
        await delivery_store.wake(w.db)
        return
    scopes = await scopes_of(w.db, telling, law)
    for change in telling:
        scope = scopes[change.number or 0]
        # Whoever follows additions learns that one does not come.
        kinds = (
            {change.kind, change.about_kind or change.kind} if change.kind in RETRACTING else {change.kind}
        )
        await delivery_store.announce_news(
            w.db,
            change.id,
            w.at,
            kinds=sorted(kinds),
            services=_given(scope.services),
            countries=_given(scope.countries),
            categories=_given(scope.categories),
        )
    await delivery_store.wake(w.db)


async def _owe(w: Writing, one: Announced) -> None:
    """Make the notices of a change, under each client's contract as it is now."""
    change = one.change
    owing = [_owing(each) for each in one.audience if each.owed is not Notice.NONE]
    told_on = one.already_told.told_on if one.already_told is not None else None
    if owing:
        await store.add(w.db, change.id, owing, w.at, told_on)
    if change.about is None or change.kind not in (ChangeKind.WITHDRAWAL, ChangeKind.POSTPONEMENT):
        return
    # Whoever was told what no longer holds is told so, whatever it takes by now.
    await store.add_for_told(
        w.db, change.id, change.about, news=frozen(public_parts(change)), at=w.at, told_on=told_on
    )
    if change.kind == ChangeKind.WITHDRAWAL:
        await delivery_store.suppress_reminders(w.db, change.about, None, w.at, "the change was withdrawn")


async def owe(w: Writing, change_id: UUID, audience: Sequence[Touched]) -> None:
    """Make the notices of a published change for clients that have none yet, such as one that has just come."""
    await store.add(
        w.db, change_id, [_owing(each) for each in audience if each.owed is not Notice.NONE], w.at
    )


async def catch_up(w: Writing, client_id: UUID, time_zone: ZoneInfo) -> None:
    """Tell a client, on the channels that work now, of every change whose notice runs.

    For a channel that was just confirmed, and after `owe` for who became a client or took a service.
    """
    running = await store.running(w.db, client_id, w.today)
    await delivery_store.catch_up(
        w.db, client_id, [(each.change_id, None) for each in running], Occasion.ANNOUNCEMENT, w.at
    )
    await _remind(w, running, time_zone)
    await delivery_store.wake(w.db)


async def give(
    w: Writing, accepted: Mapping[tuple[UUID, UUID], datetime], time_zone: ZoneInfo
) -> Sequence[Given]:
    """Notices (change and client) were accepted by a receiving server, each at a moment: their periods begin."""
    given = await store.give(
        w.db,
        [
            Accepted(change_id=change, client_id=client, at=at, day=at.astimezone(time_zone).date())
            for (change, client), at in sorted(accepted.items())
        ],
    )
    by_change: dict[UUID, dict[str, date | None]] = {}
    for each in given:
        by_change.setdefault(each.change_id, {})[str(each.client_id)] = each.given_on
    for change_id, clients in by_change.items():
        await w.journal("given", "notice", change_id, {"given_on": clients})
    await _remind(w, given, time_zone)
    return given


async def record_telling(
    w: Writing, change_id: UUID, client_id: UUID, told: AlreadyTold, time_zone: ZoneInfo
) -> ClientNotice:
    """A client that none of our deliveries reached was told by other means: its period counts from that day."""
    if told.told_on > w.today:
        message = f"{told.told_on} is yet to come; record it when the client was told."
        raise InvalidError(message, [Fault(member="told_on", message=message)])
    found = await store.page(w.db, client_id=client_id, change_id=change_id, before=None, limit=1)
    if not found:
        raise NotFoundError(f"There is no notice of change {change_id} to client {client_id}.")
    published_on = (await change_store.get(w.db, change_id)).published_on
    if published_on is not None and told.told_on < published_on:
        message = (
            f"The change was published on {published_on}, so nobody was told of it on {told.told_on}. What was"
            " true and told before it was published is said at its publication, as `already_told`."
        )
        raise InvalidError(message, [Fault(member="told_on", message=message)])
    given = await store.tell(w.db, change_id, client_id, told.told_on)
    if given is None:
        raise ConflictError(
            f"The notice was given already, on {found[0].given_on}; the days to object count from then."
        )
    await w.journal("told", "notice", change_id, {"client": client_id, "told": told})
    await _remind(w, [given], time_zone)
    [shown] = await store.page(w.db, client_id=client_id, change_id=change_id, before=None, limit=1)
    return rules.view(shown, w.today)


async def tell_outcome(w: Writing, change_id: UUID, client_id: UUID, content: dict[str, Any]) -> None:
    """Tell a client, on each of its contract channels, what became of its objection."""
    for channel in await subscription_store.working_contract_channels(w.db, client_id):
        await delivery_store.add(
            w.db,
            subscription_id=channel.id,
            occasion=Occasion.OUTCOME,
            at=w.at,
            change_id=change_id,
            content=content,
        )
    await delivery_store.wake(w.db)


async def listed(
    db: Connection,
    today: date,
    *,
    client_id: UUID | None,
    change_id: UUID | None,
    state: NoticeState | None,
    before: tuple[int, UUID] | None,
    limit: int,
) -> Sequence[ClientNotice]:
    """Notices as they stand today, those of the newest change first; the state follows from the day."""
    found: list[ClientNotice] = []
    while len(found) < limit:
        rows = await store.page(
            db, client_id=client_id, change_id=change_id, before=before, limit=max(limit, 200)
        )
        found += [
            shown
            for shown in (rules.view(row, today) for row in rows)
            if state is None or shown.state is state
        ]
        if len(rows) < max(limit, 200):
            break
        before = (rows[-1].change_number, rows[-1].client_id)
    return found[:limit]


def _given(values: frozenset[str] | None) -> list[str] | None:
    return None if values is None else sorted(values)


def _owing(touched: Touched) -> Owing:
    return Owing(
        client_id=touched.client_id,
        owed=touched.owed,
        authorisation=touched.authorisation,
        notice_days=touched.notice_days,
        objection_days=touched.objection_days,
        news=touched.news,
    )


async def _remind(w: Writing, given: Sequence[Given], time_zone: ZoneInfo) -> None:
    """Make the reminders that come before the last day for objections, each on its own day."""
    due: dict[UUID, list[tuple[UUID, Any]]] = {}
    for each in given:
        if each.given_on is None or each.objection_until is None or each.owed != Notice.FULL_PERIOD:
            continue
        moment = rules.reminder_at(each.given_on, each.objection_until, time_zone)
        if moment is not None and moment > w.at:
            due.setdefault(each.client_id, []).append((each.change_id, moment))
    for client_id, changes in due.items():
        await delivery_store.catch_up(w.db, client_id, changes, Occasion.REMINDER, w.at)
