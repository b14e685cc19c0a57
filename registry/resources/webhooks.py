"""What a webhook carries (Standard Webhooks): the kind of event, its moment, and the public change."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from msgspec import Struct

from registry.resources.changes import Part, PublishedChange


class WebhookType(StrEnum):
    """What has happened."""

    PUBLISHED = "change.published"
    """A change is announced: the notice, where one is owed."""
    REMINDER = "change.reminder"
    """The last day for an objection is near, and none has come."""
    OUTCOME = "change.outcome"
    """What became of the notice: of an objection, or of silence."""


class WebhookTestType(StrEnum):
    """That nothing has happened."""

    TEST = "subscription.test"
    """The endpoint is tried out: once it answers with 2xx, it is confirmed and used."""


class WebhookNotice(Struct, frozen=True, kw_only=True):
    """What the change means for the client whose endpoint it is; absent for news."""

    client_id: UUID
    authorisation: Literal["general", "specific"]
    """With general authorisation silence accepts, with specific it never does (Article 28(2) GDPR)."""
    state: str
    """As in `GET /v1/changes/{id}` of the client's own notices, such as `open`."""
    objection_until: date | None
    """The last day on which an objection is in time; in an announcement, if it is accepted today."""
    objections_url: str | None
    """Where the client objects, with its key; null where nothing can be objected to."""
    outcome: str | None = None
    """What was decided, in words; in an outcome only."""
    concerns: tuple[Part, ...] = ()
    """The parts and differences that touch this client; without any where the body would be too long."""


class JournalAnchor(Struct, frozen=True, kw_only=True):
    """The journal row of the publication: whoever keeps it finds out if the journal before it is cut or rewritten."""

    number: int
    digest: str
    """SHA-256 over the whole chain up to the row, in hexadecimal."""


class WebhookBody(Struct, frozen=True, kw_only=True):
    """The body of every webhook. Its headers are `webhook-id`, `webhook-timestamp` and `webhook-signature`."""

    type: WebhookType
    timestamp: datetime
    """When it happened; `webhook-timestamp` is when it was sent."""
    data: PublishedChange
    notice: WebhookNotice | None = None
    journal: JournalAnchor | None = None
    whole: bool = True
    """False where the change is too long for a webhook: differences, or parts too, are left out; `data.url` has all."""


class WebhookTestData(Struct, frozen=True, kw_only=True):
    """The subscription that is tried out."""

    subscription_id: UUID


class WebhookTest(Struct, frozen=True, kw_only=True):
    """The body of a test, signed like any other."""

    type: WebhookTestType
    timestamp: datetime
    data: WebhookTestData
