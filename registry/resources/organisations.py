"""Organisations: the legal entities of the register, ours, vendors and vendors' vendors."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from registry.resources.base import Day, Email, Key, Name, Request, Text, Url
from registry.resources.places import CountryCode, SubdivisionCode, check_codes
from transfers.vocabulary import BindingLaw, CertificationStatus, Framework, ImporterKind, Sector


class Certification(Request, frozen=True, kw_only=True):
    """An entry on a list that an adequacy decision relies on, such as the EU-US Data Privacy Framework."""

    framework: Framework
    status: CertificationStatus = CertificationStatus.ACTIVE
    hr: bool = False
    """The entry covers human-resources data."""
    non_hr: bool = True
    """The entry covers data other than human-resources data."""
    names_importer: bool = True
    """The entry, or its list of covered entities, names exactly this legal entity."""
    valid_from: Day | None = None
    valid_until: Day | None = None
    checked_on: Day | None = None


class Contact(Request, frozen=True, kw_only=True):
    """Whom to reach; never shown to the public."""

    name: Name | None = None
    email: Email | None = None
    phone: Annotated[str, Meta(max_length=40, pattern="^[0-9+() ./-]*$")] | None = None


class OrganisationFacts(Request, frozen=True, kw_only=True):
    """What is known of a legal entity. Sets are objects under permanent keys (RFC 7396)."""

    legal_name: Name
    trading_name: Name | None = None
    country: CountryCode | None = None
    """Where it is established; apart from the places where it processes."""
    subdivision: SubdivisionCode | None = None
    address: Text | None = None
    website: Url | None = None
    registration_number: Name | None = None
    kind: ImporterKind = ImporterKind.PRIVATE
    exercises_public_powers: bool = False
    """As an exporter it acts in the exercise of public powers (Article 49(3) GDPR)."""
    sector: Sector | None = None
    """A sector that a decision's scope turns on."""
    organisation_code: Name | None = None
    """Which international organisation or EU body, such as `EPO`."""
    subject_to: dict[BindingLaw, bool] = {}
    """Laws that bind it for this processing; an absent key is unknown."""
    certifications_known: bool = False
    """True: the lists were looked at and `certifications` is complete, even when empty."""
    certifications: Annotated[dict[Key, Certification], Meta(max_length=20)] = {}
    group: Name | None = None
    """The group of companies it belongs to; the same text makes two organisations one group."""
    contacts: dict[Key, Contact] = {}

    def __post_init__(self) -> None:
        """Refuse codes that never were, or do not lie in each other."""
        super().__post_init__()
        check_codes(self.country, self.subdivision)


class OrganisationDraft(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/organisations`."""

    facts: OrganisationFacts
    own: bool = False
    """One of the processor's own legal entities: an exporter of its transfers."""


class OrganisationPatch(Request, frozen=True, kw_only=True):
    """The body of `PATCH /v1/organisations/{id}`; a member left out stays as it is."""

    facts: OrganisationFacts | UnsetType = UNSET
    own: bool | UnsetType = UNSET


class Organisation(Struct, frozen=True, kw_only=True):
    """An organisation as it is on the day asked about."""

    id: UUID
    version: int
    own: bool
    facts: OrganisationFacts
    as_of: date
    created_at: datetime
    written_by_changes: bool
    """True once a published change rests on it: from then on only a change alters it."""
