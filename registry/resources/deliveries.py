"""Deliveries: one for each change, subscription and occasion, with every attempt."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from registry.resources.subscriptions import Channel


class Occasion(StrEnum):
    """What is delivered."""

    ANNOUNCEMENT = "announcement"
    REMINDER = "reminder"
    OUTCOME = "outcome"
    CONFIRMATION = "confirmation"
    RECEIPT = "receipt"
    SUSPENSION = "suspension"


class DeliveryState(StrEnum):
    """Where a delivery stands; for mail `sent` is the most that can be known without its reader."""

    PENDING = "pending"
    SENT = "sent"
    """A mail server accepted it."""
    DELIVERED = "delivered"
    """The webhook answered with 2xx."""
    ACKNOWLEDGED = "acknowledged"
    """Its reader said so."""
    FAILED = "failed"
    """Tried for as long as is tried, refused for good, or bounced. It can be replayed."""
    SUPPRESSED = "suppressed"
    """Not wanted any more: unsubscribed, ended, or overtaken."""


class Attempt(Struct, frozen=True, kw_only=True):
    """One attempt; without an end it is under way, or the worker was killed in it."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    status: str | None
    detail: str | None


class Delivery(Struct, frozen=True, kw_only=True):
    """A delivery; its id is the `webhook-id` of every attempt, and stands in the Message-ID of a mail."""

    id: UUID
    change_id: UUID | None
    client_id: UUID | None
    subscription_id: UUID
    channel: Channel
    occasion: Occasion
    state: DeliveryState
    made_at: datetime
    due_at: datetime
    """When it is to be tried, or tried again."""
    attempts: int
    sent_at: datetime | None
    ended_at: datetime | None
    last_status: str | None
    """What the receiver said last, or why nobody did."""


class DeliveryWithAttempts(Delivery, frozen=True, kw_only=True):
    """A delivery with its attempts, oldest first."""

    tries: list[Attempt]
