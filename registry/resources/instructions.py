"""Instructions: what a client documented that we are, or are not, to do with its data (Article 28(3)(a) GDPR)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from msgspec import Meta, Struct

from registry.resources.base import Day, LongText, Request
from registry.resources.places import CountryCode, check_codes

Countries: TypeAlias = Annotated[list[CountryCode], Meta(min_length=1, max_length=300)]
Region: TypeAlias = Annotated[
    str,
    Meta(
        pattern="^(EU|EEA|[A-Z]{2}-[A-Z0-9]{1,3})$",
        max_length=6,
        description="`EU`, `EEA`, or a subdivision by ISO 3166-2.",
        examples=["EEA"],
    ),
]
Regions: TypeAlias = Annotated[list[Region], Meta(min_length=1, max_length=100)]
Vendors: TypeAlias = Annotated[
    list[UUID], Meta(min_length=1, max_length=500, description="Ids of organisations on the register.")
]
SafeguardKind: TypeAlias = Literal[
    "adequacy",
    "scc",
    "bcr",
    "certification",
    "code_of_conduct",
    "ad_hoc_clauses",
    "administrative_arrangement",
    "public_instrument",
    "supervisory_authority_scc",
    "uk_idta",
    "uk_addendum",
    "derogation",
]
SafeguardKinds: TypeAlias = Annotated[list[SafeguardKind], Meta(min_length=1, max_length=20)]


class EeaOnly(Request, frozen=True, kw_only=True, tag_field="kind", tag="eea_only"):
    """The data stay in the European Economic Area, remote access included."""


class CountriesExcluded(Request, frozen=True, kw_only=True, tag_field="kind", tag="countries_excluded"):
    """No data in these countries, and no access from them."""

    countries: Countries

    def __post_init__(self) -> None:
        """Refuse codes that never were."""
        super().__post_init__()
        _check(self.countries)


class CountriesRequired(Request, frozen=True, kw_only=True, tag_field="kind", tag="countries_required"):
    """The data stay in these countries, remote access included."""

    countries: Countries

    def __post_init__(self) -> None:
        """Refuse codes that never were."""
        super().__post_init__()
        _check(self.countries)


class RegionsExcluded(Request, frozen=True, kw_only=True, tag_field="kind", tag="regions_excluded"):
    """No data in these regions, and no access from them."""

    regions: Regions


class RegionsRequired(Request, frozen=True, kw_only=True, tag_field="kind", tag="regions_required"):
    """The data stay in these regions, remote access included."""

    regions: Regions


class VendorsExcluded(Request, frozen=True, kw_only=True, tag_field="kind", tag="vendors_excluded"):
    """None of these organisations gets the data."""

    vendors: Vendors


class VendorsRequired(Request, frozen=True, kw_only=True, tag_field="kind", tag="vendors_required"):
    """No other organisation than these gets the data."""

    vendors: Vendors


class SafeguardsExcluded(Request, frozen=True, kw_only=True, tag_field="kind", tag="safeguards_excluded"):
    """No transfer rests on a safeguard of these kinds."""

    safeguards: SafeguardKinds


class SafeguardsRequired(Request, frozen=True, kw_only=True, tag_field="kind", tag="safeguards_required"):
    """Every transfer to a third country rests on a safeguard of one of these kinds."""

    safeguards: SafeguardKinds


class NoRemoteAccess(Request, frozen=True, kw_only=True, tag_field="kind", tag="no_remote_access"):
    """Nobody reaches the data from outside, wherever they are kept."""

    outside: Literal["eea", "adequate"] = "eea"
    """Outside of what: the European Economic Area, or it and the countries that a decision finds adequate."""


class TransferDemanded(Request, frozen=True, kw_only=True, tag_field="kind", tag="transfer_demanded"):
    """The data go to a country, at the client's wish."""

    country: CountryCode
    vendor: UUID | None = None
    """The organisation that is to have them; left out, it does not matter which."""

    def __post_init__(self) -> None:
        """Refuse a code that never was."""
        super().__post_init__()
        _check([self.country])


InstructionRule: TypeAlias = (
    EeaOnly
    | CountriesExcluded
    | CountriesRequired
    | RegionsExcluded
    | RegionsRequired
    | VendorsExcluded
    | VendorsRequired
    | SafeguardsExcluded
    | SafeguardsRequired
    | NoRemoteAccess
    | TransferDemanded
)


class InstructionDraft(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/clients/{id}/instructions`."""

    rule: InstructionRule
    valid_from: Day | None = None
    """The first day on which it holds; today if left out."""
    valid_until: Day | None = None
    """The last day on which it holds; absent: until it is ended."""
    text: LongText | None = None
    """The client's own words, or where they are kept."""


class InstructionEnd(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/clients/{id}/instructions/{id}/end`."""

    valid_until: Day
    """The last day on which it holds."""


class Flag(Struct, frozen=True, kw_only=True):
    """Why an instruction would, in our opinion, break the law: said back to the client (Article 28(3) GDPR)."""

    article: str
    reason: str
    flagged_on: date


class Instruction(Struct, frozen=True, kw_only=True):
    """An instruction on record."""

    id: UUID
    version: int
    client_id: UUID
    rule: InstructionRule
    text: str | None
    valid_from: date
    valid_until: date | None
    flagged: Flag | None
    """Present: we hold that following it would break the law, so it is not followed until that is settled."""
    recorded_at: datetime
    recorded_by: str

    @property
    def kind(self) -> str:
        """What sort of instruction it is, as JSON names it."""
        return str(self.rule.__struct_config__.tag)

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def _check(countries: Sequence[str]) -> None:
    for country in countries:
        try:
            check_codes(country, None)
        except ValueError as error:
            raise ValueError(str(error).replace("country:", "countries:", 1)) from error
