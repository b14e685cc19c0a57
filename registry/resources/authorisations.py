"""What a client itself decides: optional uses switched on, sub-processors authorised or refused."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from registry.resources.base import Day, LongText, Request
from registry.resources.places import PlaceRole
from transfers.vocabulary import Verdict


class DecisionState(StrEnum):
    """What a client decided."""

    AUTHORISED = "authorised"
    REFUSED = "refused"


class AuthorisationState(StrEnum):
    """Where a specific authorisation stands."""

    PENDING = "pending"
    """Nobody has decided: the change does not bind the client."""
    AUTHORISED = "authorised"
    REFUSED = "refused"


class Decision(Struct, frozen=True, kw_only=True):
    """A decision as stored; of one subject the last holds."""

    client_id: UUID
    sub_processor_id: UUID | None
    """Absent: the whole change, whatever it is about."""
    use_key: str | None
    change_id: UUID | None
    state: DecisionState
    effective_on: date
    reason: str | None
    seen: Any
    decided_at: datetime
    decided_by: str


class AuthorisationDraft(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/clients/{id}/authorisations`: a client under specific authorisation decides."""

    change_id: UUID
    sub_processor_id: UUID | None = None
    """One sub-processor of the change alone; left out: all of it."""
    state: DecisionState
    reason: LongText | None = None


class Authorisation(Struct, frozen=True, kw_only=True):
    """A change that a client authorises itself, for one of its subjects."""

    change_id: UUID
    change_number: int
    sub_processor_id: UUID | None
    """Absent: the change is about an organisation."""
    name: str
    effective_on: date
    """From when on it is true for everybody else."""
    state: AuthorisationState
    reason: str | None
    decided_at: datetime | None
    decided_by: str | None


class OptionSwitch(Request, frozen=True, kw_only=True):
    """The body of `PUT /v1/clients/{id}/options/{sub_processor_id}/{use_key}`."""

    on: bool
    effective_on: Day | None = None
    """The first day on which it holds; today if left out, and never earlier."""
    reason: LongText | None = None


class OptionPlace(Struct, frozen=True, kw_only=True):
    """A place of an optional use, with the verdict on the data of this client."""

    place: str
    role: PlaceRole
    country: str | None
    group: str | None
    regime: str
    verdict: Verdict
    relied_on: str | None


class Option(Struct, frozen=True, kw_only=True):
    """An optional use of a sub-processor: off until the client switches it on."""

    sub_processor_id: UUID
    sub_processor: str
    use_key: str
    purpose: str
    data: tuple[str, ...]
    on: bool
    since: date | None
    """The day of the last switch; absent: it was never touched."""
    places: tuple[OptionPlace, ...]
