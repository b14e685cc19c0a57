"""Sub-processors: as the public sees them, and as colleagues do."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from registry.resources.base import Request
from registry.resources.organisations import OrganisationFacts
from registry.resources.places import PlaceRole
from registry.resources.terms import Category, Terms, UseType
from transfers.vocabulary import Verdict


class Status(StrEnum):
    """A function of the day, never stored."""

    ACTIVE = "active"
    ENDING = "ending"
    """Active, and its end is published."""
    PLANNED = "planned"
    ENDED = "ended"


class SubProcessorDraft(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/sub-processors`: an organisation that changes can then start terms for."""

    organisation_id: UUID


class PublicPlace(Struct, frozen=True, kw_only=True):
    """A place as the published list shows it."""

    role: PlaceRole
    text: str
    country: str | None
    subdivision: str | None
    group: str | None
    operated_by: str | None
    """The legal name of another entity that operates it."""
    services: tuple[str, ...]
    verdict: Verdict | None
    """The verdict on the day, the worst of the regimes and members; absent where no transfer is judged."""
    safeguard: str | None
    """What the transfer rests on, in words."""


class PublicUse(Struct, frozen=True, kw_only=True):
    """A use as the published list shows it."""

    key: str
    purpose: str
    services: tuple[str, ...]
    """Names of services; empty: all of them."""
    data: tuple[str, ...]
    type: UseType | None
    optional: bool
    places: tuple[PublicPlace, ...]


class PlannedChange(Struct, frozen=True, kw_only=True):
    """A published change that is not yet true on the day."""

    id: UUID
    number: int
    effective_on: date
    title: str


class PublicSubProcessor(Struct, frozen=True, kw_only=True):
    """A sub-processor as the published list shows it, built by naming its members."""

    id: UUID
    status: Status
    legal_name: str
    trading_name: str | None
    country: str | None
    """Where it is established."""
    website: str | None
    category: Category | None
    product: str | None
    summary: str | None
    uses: tuple[PublicUse, ...]
    sub_processors_url: str | None
    agreement: str | None
    added_on: date | None
    """The first day on which it ever was on the list, as far as is known on the day's terms."""
    valid_from: date
    """The first day of the terms shown."""
    valid_until: date | None
    """The last day of the terms shown."""
    ends_on: date | None
    """The first day without it, where that is published."""
    planned: tuple[PlannedChange, ...]
    url: str


class Period(Struct, frozen=True, kw_only=True):
    """Terms with their period, both days inclusive, and the changes that made them."""

    valid_from: date | None
    valid_until: date | None
    changes: tuple[int, ...]
    terms: dict[str, Any]


class SubProcessor(Struct, frozen=True, kw_only=True):
    """A sub-processor as colleagues see it: with contacts, evidence and every period."""

    id: UUID
    organisation_id: UUID
    status: Status | None
    """Absent: no published change rests on it yet."""
    organisation: OrganisationFacts
    terms: Terms | None
    """The terms of the day; before a planned start, the terms it will start with."""
    periods: tuple[Period, ...]
