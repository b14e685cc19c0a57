"""The facts of one transfer: the body of an assessment, member for member."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Final, TypeAlias

from msgspec import Meta

from transfers import codes
from transfers.safeguards import Closed, Known, Module, Safeguard, Text
from transfers.vocabulary import (
    Access,
    Area,
    CertificationStatus,
    CoveredData,
    ExporterKind,
    Framework,
    ImporterKind,
    Purpose,
    Regime,
    Role,
    Sector,
    Upstream,
)

CountryCode: TypeAlias = Annotated[
    str,
    Meta(
        min_length=2,
        max_length=2,
        pattern="^[A-Z]{2}$",
        description="ISO 3166-1 alpha-2; XK is Kosovo, UK and EL are accepted for GB and GR.",
        examples=["DE"],
    ),
]
SubdivisionCode: TypeAlias = Annotated[
    str,
    Meta(
        min_length=4,
        max_length=6,
        pattern="^[A-Z]{2}-[A-Z0-9]{1,3}(?![^A-Z0-9])$",
        description="ISO 3166-2.",
        examples=["CA-QC"],
    ),
]

UNION: Final = "EU"
"""Stands for the Union: the place of its institutions as importers, and no exporter's country."""
AREA_CODES: dict[Area, frozenset[str]] = {
    Area.SVALBARD: frozenset({"SJ", "NO"}),
    Area.JAN_MAYEN: frozenset({"SJ", "NO"}),
    Area.NORTHERN_CYPRUS: frozenset({"CY"}),
    Area.OCCUPIED_TERRITORIES: frozenset({"IL", "PS", "SY"}),
}
"""Under which codes each area may be recorded."""


def _named(member: str, check: Callable[..., None], *values: str) -> None:
    """Put the member's name in front of what is wrong with it, so that a problem can name it."""
    try:
        check(*values)
    except ValueError as error:
        raise ValueError(f"{member}: {error}") from error


class Exporter(Closed, frozen=True, kw_only=True):
    """Who makes the data available. An absent ``group_company`` is unknown.

    ``EU`` is no exporter's country: the Union's own institutions are under Regulation (EU) 2018/1725, whose
    tools are others than those judged here, so a verdict could say covered where nothing covers.
    """

    country: CountryCode
    role: Role
    kind: ExporterKind = ExporterKind.PRIVATE
    subject_to_regime: bool = True
    exercises_public_powers: bool = False
    group_company: Known = None

    def __post_init__(self) -> None:
        _named("country", codes.require_known, self.country)
        if self.country == UNION:
            raise ValueError(
                "country: EU names no state. Institutions of the Union are under Regulation (EU) 2018/1725, which is"
                " not judged here; of any other exporter give the state in which it is established"
            )


class SubjectTo(Closed, frozen=True, kw_only=True):
    """Laws that bind the importer for this processing; an absent one is unknown."""

    gdpr: bool = False
    pipeda: Known = None
    lgpd: Known = None
    appi: Known = None
    quebec_law_25: Known = None


class ListEntry(Closed, frozen=True, kw_only=True):
    """An importer's entry on the list of a framework, as seen on the day asked about.

    An entry whose ``covers`` is absent covers non-HR data only.
    """

    framework: Framework
    status: CertificationStatus | None = None
    covers: Annotated[tuple[CoveredData, ...], Meta(max_length=2)] | None = None
    names_importer: bool = True
    valid_from: date | None = None
    valid_until: date | None = None


class Importer(Closed, frozen=True, kw_only=True):
    """Who receives or reaches the data. Absent ``certifications`` are unknown, ``[]`` is none."""

    country: CountryCode
    role: Role
    subdivision: SubdivisionCode | None = None
    area: Area | None = None
    kind: ImporterKind = ImporterKind.PRIVATE
    organisation: Text | None = None
    sector: Sector | None = None
    subject_to: SubjectTo = SubjectTo()
    certifications: Annotated[tuple[ListEntry, ...], Meta(max_length=20)] | None = None
    same_legal_entity: bool = False
    group_company: bool = False
    is_exporters_controller: Known = None

    def __post_init__(self) -> None:
        _named("country", codes.require_known, self.country)
        if self.subdivision is not None:
            _named("subdivision", codes.require_within, self.subdivision, self.country)
        if self.area is not None and codes.canonical(self.country) not in AREA_CODES[self.area]:
            fitting = " or ".join(sorted(AREA_CODES[self.area]))
            message = f"area: {self.area} does not lie in {self.country}; give the country as {fitting}"
            raise ValueError(message)


class Data(Closed, frozen=True, kw_only=True):
    """What is transferred, as far as a decision's scope can turn on it."""

    hr: bool = False
    special_categories: bool = False
    credit: bool = False
    immigration_control: bool = False
    automated_processing: bool = True
    purpose: Purpose | None = None


class OnwardFrom(Closed, frozen=True, kw_only=True):
    """The ground under which the exporter itself received the data.

    ``contract``: the recipient is bound as that ground asks; for the clauses, by the clauses themselves or
    by a contract with the same obligations and the same rights of the persons (Clauses 8.8 and 9(b)). None
    unless said; ``null`` is a contract of which that is not on record. ``module`` is one of the clauses of 2021
    (in the UK with the Addendum), which carry nothing before their first day; without it data may have come under
    an older set while one could be relied on, and what that opens is a review.
    """

    upstream: Upstream
    module: Module | None = None
    contract: Known = False
    authorised: bool = False


class Facts(Closed, frozen=True, kw_only=True):
    """One transfer to judge; ``safeguards`` stand in the order relied on."""

    exporter: Exporter
    importer: Importer
    regime: Regime = Regime.EU_GDPR
    as_of: date | None = None
    access: Access = Access.STORAGE
    data: Data = Data()
    safeguards: Annotated[tuple[Safeguard, ...], Meta(max_length=50)] = ()
    onward_from: OnwardFrom | None = None
