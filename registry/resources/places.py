"""A place: where and in which role data is processed, as people wrote it and as it was read."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from registry.resources.base import Key, Request, Text
from transfers.vocabulary import Area

CountryCode = Annotated[
    str,
    Meta(
        pattern="^[A-Z]{2}$",
        max_length=2,
        description="ISO 3166-1 alpha-2 (XK for Kosovo); UK and EL are read as GB and GR.",
        examples=["FR"],
    ),
]
SubdivisionCode = Annotated[
    str,
    Meta(
        pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$",
        max_length=6,
        description="ISO 3166-2",
        examples=["US-CA"],
    ),
]
Group = Literal["EU", "EEA"]
"""Groups with a legal membership: judged for every member of the day."""


class PlaceRole(StrEnum):
    """What happens at a place; the law sees `support_access` as remote access, all else as storage."""

    STORAGE = "storage"
    PROCESSING = "processing"
    SUPPORT_ACCESS = "support_access"
    BACKUP = "backup"
    LOGGING = "logging"
    CONTENT_DELIVERY = "content_delivery"


class Place(Request, frozen=True, kw_only=True):
    """One place of one use.

    Give `text` alone and it is read into codes when the change is drafted; what cannot be read
    stays without a code, is never guessed, and makes its transfers `needs_review`.
    """

    role: PlaceRole
    text: Text
    country: CountryCode | None = None
    subdivision: SubdivisionCode | None = None
    area: Area | None = None
    group: Group | None = None
    city: Text | None = None
    operated_by: UUID | None = None
    """The organisation that operates the place; absent: the sub-processor itself."""
    services: dict[Key, Literal[True]] = {}
    """The services of the use for which this place serves; empty: all of them."""
