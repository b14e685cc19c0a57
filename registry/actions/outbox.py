"""What follows from attempts, many at once: notices are given, channels confirmed or suspended, the rest is noted."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from registry.actions import confirmations, notices
from registry.actions.register import SYSTEM
from registry.actions.writing import Writing, writing
from registry.clock import Clock
from registry.database import Connection
from registry.resources.deliveries import DeliveryState
from registry.resources.subscriptions import Channel, SubscriptionState
from registry.store import outbox as store
from registry.store import subscriptions as subscription_store
from registry.store.outbox import Claimed, Done

ACCEPTED = frozenset({DeliveryState.SENT, DeliveryState.DELIVERED})


class Attempted(Struct, frozen=True):
    """A claimed delivery with what became of the attempt."""

    claimed: Claimed
    done: Done

    @property
    def accepted(self) -> bool:
        return self.done.state in ACCEPTED

    @property
    def gives(self) -> bool:
        """Whether it gives a client its notice."""
        return self.accepted and self.claimed.notice is not None and self.claimed.notice.given_on is None

    @property
    def confirms(self) -> bool:
        """Whether it shows that a webhook works that was not known to."""
        return (
            self.accepted
            and self.claimed.channel is Channel.WEBHOOK
            and self.claimed.subscription_state is not SubscriptionState.CONFIRMED
        )

    @property
    def fails(self) -> bool:
        """Whether its channel has failed with it; a contact who was written to instead has none."""
        return self.done.state is DeliveryState.FAILED and not self.claimed.redirected


async def settle(db: Connection, clock: Clock, time_zone: ZoneInfo, attempted: Sequence[Attempted]) -> None:
    """Note what became of attempts, and what follows from it, in one transaction.

    Only what is journalled queues for the head row: deliveries to the public do not hold up a publication.
    """
    done = [each.done for each in attempted]
    if not any(each.gives or each.confirms or each.fails for each in attempted):
        await store.finish(db, done)
        return
    async with writing(db, SYSTEM, clock) as w:
        decided = await store.finish(w.db, done)
        await notices.give(w, _given(attempted), time_zone)
        for each in attempted:
            if each.confirms:
                await _confirm(w, each.claimed.subscription_id, time_zone)
            elif each.fails and each.done.id in decided:
                await confirmations.suspend(w, each.claimed.subscription_id, each.done.detail)


def _given(attempted: Sequence[Attempted]) -> dict[tuple[UUID, UUID], datetime]:
    """The first moment at which each notice was accepted."""
    found: dict[tuple[UUID, UUID], datetime] = {}
    for each in attempted:
        change, client = each.claimed.change_id, each.claimed.client_id
        if each.gives and change is not None and client is not None:
            at = each.done.ended_at
            found[change, client] = min(at, found.get((change, client), at))
    return found


async def _confirm(w: Writing, subscription_id: UUID, time_zone: ZoneInfo) -> None:
    found = await subscription_store.get(w.db, subscription_id)
    if found.state in (SubscriptionState.PENDING, SubscriptionState.SUSPENDED):
        await confirmations.confirm(w, found, time_zone)
