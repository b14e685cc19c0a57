"""Clients: the controllers that we work for, what each takes and what it was promised, by period."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from registry.resources.base import Day, Key, Name, Request, Text
from registry.resources.notices import AuthorisationKind
from registry.resources.organisations import Contact
from registry.resources.places import CountryCode, check_codes
from transfers.safeguards import Safeguard as Tool
from transfers.vocabulary import Regime

Reference = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=63,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$(?!\n)",
        description="How our contracts name the client: letters, digits, `.`, `_` and `-`.",
        examples=["C-2044"],
    ),
]
Days = Annotated[int, Meta(ge=0, le=365)]


class DataKind(StrEnum):
    """Kinds of data that the law asks about, which a client may keep from us."""

    HR = "hr"
    SPECIAL_CATEGORIES = "special_categories"
    CREDIT = "credit"
    IMMIGRATION_CONTROL = "immigration_control"


class ClientContact(Contact, frozen=True, kw_only=True):
    """Somebody at the client."""

    contract: bool = False
    """The person whom the contract names for notices; every client needs one."""


class ClientSafeguard(Request, frozen=True, kw_only=True):
    """An instrument between the client and us."""

    tool: Tool
    position: Annotated[int, Meta(ge=1, le=100)] = 1
    """The order in which the instruments are relied on."""
    reference: Text | None = None
    """Where the document is kept."""


class ClientTerms(Request, frozen=True, kw_only=True):
    """What a client takes and was promised in one period. Sets are objects under permanent keys (RFC 7396)."""

    name: Name
    country: CountryCode
    """Where the client is established; it tells whose rules its data come with."""
    public_body: bool = False
    regimes: dict[Regime, Literal[True]] = {}
    """Whose rules on transfers bind the client; empty: those of its country."""
    services: dict[Key, Literal[True]] = {}
    """Keys of the services that it takes; empty: all of them."""
    region: Key | None = None
    """The region that it chose, as places name the regions that they serve; absent: any."""
    authorisation: AuthorisationKind = AuthorisationKind.GENERAL
    """Article 28(2) GDPR."""
    notice_days: Days
    """The days of notice that it was promised before a change that widens."""
    objection_days: Days
    """The days after a notice was given in which it may object."""
    contacts: Annotated[dict[Key, ClientContact], Meta(max_length=50)] = {}
    contract_reference: Text | None = None
    special_categories_agreed_on: Day | None = None
    """The day from which it is agreed that we process special categories of its data; absent: it is not."""
    data_withheld: dict[DataKind, Literal[True]] = {}
    """Kinds of data that the client never gives us, so that what is said of them does not touch it."""
    safeguards: Annotated[dict[Key, ClientSafeguard], Meta(max_length=20)] = {}
    """Instruments that carry the data from the client to us, where we are in a third country for it."""

    def __post_init__(self) -> None:
        """Refuse a country that never was."""
        super().__post_init__()
        check_codes(self.country, None)


class ClientDraft(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/clients`."""

    reference: Reference
    valid_from: Day
    """The first day of the contract."""
    valid_until: Day | None = None
    """Its last day, where that is agreed."""
    terms: ClientTerms


class ClientPatch(Request, frozen=True, kw_only=True):
    """The body of `PATCH /v1/clients/{id}`: other terms from a day on; earlier periods stay as they were.

    A day in the past corrects what was recorded of it, as the journal shows.
    """

    reference: Reference | UnsetType = UNSET
    valid_from: Day | UnsetType = UNSET
    """The first day on which it holds; today if left out."""
    valid_until: Day | UnsetType = UNSET
    """The last day on which it holds; left out, it holds in all later periods too."""
    terms: Annotated[dict[str, Any], Meta(description="A JSON merge patch (RFC 7396) of the terms.")] = {}


class ContractEnd(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/clients/{id}/end`."""

    valid_until: Day
    """The last day of the contract."""
    reason: Text | None = None


class ClientPeriod(Struct, frozen=True, kw_only=True):
    """Terms with the days on which they hold, both inclusive."""

    valid_from: date
    valid_until: date | None
    terms: ClientTerms

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class Client(Struct, frozen=True, kw_only=True):
    """A client as colleagues and the client itself see it, with every period."""

    id: UUID
    version: int
    reference: str
    as_of: date
    terms: ClientTerms | None
    """The terms of the day; absent: the contract does not run on it."""
    valid_from: date | None
    valid_until: date | None
    periods: tuple[ClientPeriod, ...]
    reachable: bool
    """Whether a notice can reach it: a contact for the contract, and a channel that was confirmed.

    Mail is none while no server for it is set.
    """
    created_at: datetime
