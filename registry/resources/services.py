"""Services: our offerings that clients take."""

from datetime import datetime
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from registry.resources.base import Key, LongText, Name, Request


class ServiceDraft(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/services`."""

    key: Key
    """The permanent key by which uses and places refer to the service."""
    name: Name
    description: LongText | None = None


class ServicePatch(Request, frozen=True, kw_only=True):
    """The body of `PATCH /v1/services/{id}`; a member left out stays as it is."""

    name: Name | UnsetType = UNSET
    description: LongText | None | UnsetType = UNSET


class Service(Struct, frozen=True, kw_only=True):
    """A service as the register stores and shows it."""

    id: UUID
    version: int
    key: str
    name: str
    description: str | None
    created_at: datetime
