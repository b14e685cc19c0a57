"""The tools of Chapter V as a tagged union: what is on record about each.

A member that is absent is unknown; ``null`` on a day means that the thing has not happened
(not signed, not authorised, not bound). Unknown never counts as a condition met.
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from transfers.vocabulary import (
    ApprovedUnder,
    BcrKind,
    ClauseSet,
    DerogationGround,
    TiaOutcome,
)

NO_CONTROL_CHARACTERS = r"^[^\x00-\x1f\x7f-\x9f]*(?![\x00-\x1f\x7f-\x9f])$"
"""One line of text. The lookahead refuses the trailing newline that ``$`` alone lets through."""

Text: TypeAlias = Annotated[str, Meta(max_length=200, pattern=NO_CONTROL_CHARACTERS)]
Module: TypeAlias = Annotated[int, Meta(ge=1, le=4)]
Day: TypeAlias = date | None | UnsetType
Known: TypeAlias = bool | None


class Closed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Part of a request body: an unknown member is an error, never ignored."""


class Tia(Closed, frozen=True, kw_only=True):
    """A transfer impact assessment on record."""

    outcome: TiaOutcome
    completed_on: date | None = None


class SubProcessorAuthorisation(Closed, frozen=True, kw_only=True):
    """Clause 9 and Article 28(2): 1 is specific, 2 is general authorisation with notice."""

    option: Annotated[int, Meta(ge=1, le=2)]
    notice_days: Annotated[int, Meta(ge=0, le=3660)] | None = None
    notice_sent_on: date | None = None
    objected_on: date | None = None
    authorised: Known = None


class Scc(Closed, frozen=True, kw_only=True, tag="scc"):
    """Standard contractual clauses of the Commission, Article 46(2)(c)."""

    set: ClauseSet
    module: Module | None = None
    concluded_on: Day = UNSET
    acceded_on: date | None = None
    docking_clause: Known = None
    annexes_complete: Known = None
    processing_unchanged: Known = None
    clauses_modified: Known = None
    swiss_adaptations: Known = None
    sub_processor_authorisation: SubProcessorAuthorisation | None = None
    tia: Tia | None = None


class Bcr(Closed, frozen=True, kw_only=True, tag="bcr"):
    """Binding corporate rules, Articles 46(2)(b) and 47."""

    kind: BcrKind | None = None
    approved_under: ApprovedUnder | None = None
    approved_on: Day = UNSET
    lead_authority: Annotated[str, Meta(max_length=2, pattern="^[A-Z]{2}$")] | None = None
    importer_bound_from: Day = UNSET
    ended_on: date | None = None
    updated_to_gdpr: Known = None
    on_behalf_of_external_controller: Known = None
    concluded_on: Day = UNSET
    tia: Tia | None = None


class Certification(Closed, frozen=True, kw_only=True, tag="certification"):
    """An approved certification with binding commitments, Article 46(2)(f)."""

    scheme: Text | None = None
    version: Text | None = None
    valid_from: Day = UNSET
    binding_commitments: Known = None
    tia: Tia | None = None


class CodeOfConduct(Closed, frozen=True, kw_only=True, tag="code_of_conduct"):
    """An approved code of conduct with binding commitments, Article 46(2)(e)."""

    code: Text | None = None
    transfer_tool: Known = None
    general_validity: Known = None
    binding_commitments: Known = None
    tia: Tia | None = None


class AdHocClauses(Closed, frozen=True, kw_only=True, tag="ad_hoc_clauses"):
    """Own clauses that a supervisory authority authorised, Article 46(3)(a)."""

    authorised_on: Day = UNSET
    tia: Tia | None = None


class AdministrativeArrangement(Closed, frozen=True, kw_only=True, tag="administrative_arrangement"):
    """Provisions between public bodies that an authority authorised, Article 46(3)(b)."""

    authorised_on: Day = UNSET
    tia: Tia | None = None


class PublicInstrument(Closed, frozen=True, kw_only=True, tag="public_instrument"):
    """A binding instrument between public bodies, Article 46(2)(a)."""

    in_force_from: Day = UNSET


class SupervisoryAuthorityScc(Closed, frozen=True, kw_only=True, tag="supervisory_authority_scc"):
    """Clauses of a supervisory authority, Article 46(2)(d)."""

    commission_approved: Known = None


class UkIdta(Closed, frozen=True, kw_only=True, tag="uk_idta"):
    """The UK International Data Transfer Agreement, DPA 2018 s 119A."""

    concluded_on: Day = UNSET
    tia: Tia | None = None


class UkAddendum(Closed, frozen=True, kw_only=True, tag="uk_addendum"):
    """The UK Addendum to the Commission's clauses of 2021, DPA 2018 s 119A."""

    concluded_on: Day = UNSET
    scc_set: ClauseSet | None = None
    module: Module | None = None
    tia: Tia | None = None


class Derogation(Closed, frozen=True, kw_only=True, tag="derogation"):
    """A derogation for a specific situation, Article 49."""

    ground: DerogationGround
    occasional: Known = None
    necessary: Known = None
    documented: Known = None
    explicit_consent: Known = None
    informed_of_risks: Known = None
    recognised_in_law: Known = None
    unable_to_consent: Known = None
    whole_register: Known = None
    inherently_global_service: Known = None
    authority_informed: Known = None
    data_subjects_informed: Known = None
    repetitive: Known = None


class Other(Closed, frozen=True, kw_only=True, tag="other"):
    """Anything that is not a transfer tool, recorded so that it is seen not to be one."""

    name: Text | None = None


Safeguard: TypeAlias = (
    Scc
    | Bcr
    | Certification
    | CodeOfConduct
    | AdHocClauses
    | AdministrativeArrangement
    | PublicInstrument
    | SupervisoryAuthorityScc
    | UkIdta
    | UkAddendum
    | Derogation
    | Other
)
