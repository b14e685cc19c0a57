"""Subscriptions: the channels on which a client, or anybody, is told of changes."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from registry.resources.base import Key, Request, Text
from registry.resources.changes import ChangeKind
from registry.resources.places import CountryCode
from registry.resources.terms import Category

MOST_FILTERS = 200

Services = Annotated[list[Key], Meta(max_length=MOST_FILTERS, description="Keys of services; empty: all.")]
Countries = Annotated[
    list[CountryCode], Meta(max_length=MOST_FILTERS, description="Codes of countries; empty: all.")
]
Categories = Annotated[list[Category], Meta(max_length=MOST_FILTERS, description="Empty: all.")]
Kinds = Annotated[list[ChangeKind], Meta(max_length=MOST_FILTERS, description="Kinds of change; empty: all.")]


class Channel(StrEnum):
    """How somebody is told."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    FEED = "feed"
    """A private feed, which its owner fetches: nobody is told by it, so it carries news only."""


class SubscriptionPurpose(StrEnum):
    """Why somebody is told: notices that a contract promises cannot be switched off, news can."""

    CONTRACT = "contract"
    NEWS = "news"


class SubscriptionState(StrEnum):
    """Only a confirmed subscription is sent anything but what confirms it."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    SUSPENDED = "suspended"
    """It could not be reached for as long as is tried; it is to be confirmed again."""
    ENDED = "ended"


class SubscriptionDraft(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/subscriptions`.

    Without `client_id`, and from a key that is no client's, it asks for news by e-mail, as the public may.
    """

    client_id: UUID | None = None
    channel: Channel = Channel.EMAIL
    purpose: SubscriptionPurpose = SubscriptionPurpose.NEWS
    address: Text | None = None
    """The address of mail, or the URL of the webhook; a feed has none."""
    services: Services = []
    countries: Countries = []
    categories: Categories = []
    kinds: Kinds = []
    declaration: Text | None = None
    """How a colleague knows that the address of mail is the client's, such as a clause of the contract: it counts as
    confirmed at once. Without it a link in a mail confirms it."""


class SubscriptionPatch(Request, frozen=True, kw_only=True):
    """The body of `PATCH /v1/subscriptions/{id}`: what news are wanted. Another address is another subscription."""

    services: Services | UnsetType = UNSET
    countries: Countries | UnsetType = UNSET
    categories: Categories | UnsetType = UNSET
    kinds: Kinds | UnsetType = UNSET


class Confirmation(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/subscriptions/{id}/confirmation`."""

    declaration: Text | None = None
    """As when it was made: how a colleague knows that the address of mail is the client's."""


class Subscription(Struct, frozen=True, kw_only=True):
    """A subscription as its owner and colleagues see it, without its secret."""

    id: UUID
    version: int
    client_id: UUID | None
    """None: of the public."""
    channel: Channel
    purpose: SubscriptionPurpose
    address: str | None
    services: list[str]
    countries: list[str]
    categories: list[str]
    kinds: list[str]
    state: SubscriptionState
    created_at: datetime
    created_by: str
    confirmed_at: datetime | None
    declaration: str | None
    suspended_at: datetime | None
    suspended_reason: str | None
    ended_at: datetime | None


class SubscriptionCreated(Struct, frozen=True, kw_only=True):
    """A subscription with its secret, which is shown this once.

    It signs webhooks, or is the token in the addresses of a private feed. The answer to a repeated request with
    the same `Idempotency-Key` has `null` for it.
    """

    secret: str | None
    former_secret_until: datetime | None = None
    """Until when the secret before signs webhooks as well."""
    subscription: Subscription


class SubscriptionRequested(Struct, frozen=True, kw_only=True):
    """What anybody is answered who asks for news by mail, whether the address is known here or not."""

    message: str
