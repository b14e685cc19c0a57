"""Transfers: derived from uses, places and regimes; never typed in, never stored."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from registry.resources.places import PlaceRole
from transfers.findings import Assessment
from transfers.vocabulary import Verdict


class Fact(Struct, frozen=True, kw_only=True):
    """A fact that the engine was given, and where in the register it comes from."""

    fact: str
    """The member of the assessment's request body, such as `importer.country`."""
    value: Any
    source: str
    """The record and member it was taken from."""


class MissingFact(Struct, frozen=True, kw_only=True):
    """A fact that the register does not hold and the verdict turns on."""

    fact: str
    ask: str
    """What to ask the vendor."""


class MemberVerdict(Struct, frozen=True, kw_only=True):
    """The verdict for one member of a group on the day."""

    country: str
    verdict: Verdict


class Transfer(Struct, frozen=True, kw_only=True):
    """Exporter to importer at a place under a regime, judged on a day."""

    id: UUID
    as_of: date
    regime: str
    sub_processor_id: UUID
    sub_processor: str
    use: str
    use_key: str
    place_key: str
    place: str
    role: PlaceRole
    exporter: str
    exporter_country: str | None
    importer: str
    country: str | None
    group: str | None
    verdict: Verdict
    relied_on: str | None
    """What carries it, in words."""
    valid_until: date | None
    """The last day of this verdict, counting changes that are published to come; the timeline's nearest edge."""
    missing: tuple[MissingFact, ...]
    client_id: UUID | None = None
    """For whose data it is judged, where that was asked, or the rules come with them; null: the rules bind us."""


class TransferDetail(Transfer, frozen=True, kw_only=True):
    """A transfer with its reasons and every fact with its source."""

    assessment: Assessment
    members: tuple[MemberVerdict, ...]
    facts: tuple[Fact, ...]


class SafeguardRecord(Struct, frozen=True, kw_only=True):
    """An instrument on record, as the terms of the day have it."""

    id: UUID
    sub_processor_id: UUID
    sub_processor: str
    key: str
    position: int
    type: str
    name: str
    tool: dict[str, Any]
    reference: str | None
    status: str
    """claimed, evidenced or expired."""
    evidenced_on: date | None
    valid_from: date
    valid_until: date | None
