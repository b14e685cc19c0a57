"""What a client, or its contract tool, is answered: its list, and the safeguards for its data place by place."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from registry.resources.places import PlaceRole
from registry.resources.sub_processors import PlannedChange, PublicSubProcessor, Status
from registry.resources.terms import Category, UseType
from registry.resources.transfers import MissingFact
from transfers.vocabulary import Verdict


class DeviationReason(StrEnum):
    """Why a published change does not bind a client."""

    AUTHORISATION_PENDING = "authorisation_pending"
    AUTHORISATION_REFUSED = "authorisation_refused"
    OBJECTION_OPEN = "objection_open"
    OBJECTION_UPHELD = "objection_upheld"
    RESTS_ON_ANOTHER = "rests_on_another"
    """It alters what another change would have brought that does not bind the client."""
    BINDS_LATER = "binds_later"
    """It came to bind the client after its day: authorised late, or objected to and decided."""


class Deviation(Struct, frozen=True, kw_only=True):
    """A published change that this client's list is folded without."""

    change_id: UUID
    change_number: int
    title: str
    subject: str
    """Of which sub-processor or organisation it is left out."""
    effective_on: date
    """From when on it is true for everybody else."""
    reason: DeviationReason
    binds_from: date | None = None
    """From when on it binds this client too, where that is settled."""


class ClientList(Struct, frozen=True, kw_only=True):
    """The list of a day as it is for one client: what it takes, without what does not bind it."""

    client_id: UUID
    reference: str
    as_of: date
    runs: bool
    """Whether the contract runs on the day; where it does not, the list is empty."""
    change_number: int
    data: tuple[PublicSubProcessor, ...]
    deviations: tuple[Deviation, ...]


class ClientRoute(Struct, frozen=True, kw_only=True):
    """The way of the client's data to a place under one set of rules, judged."""

    transfer_id: UUID
    regime: str
    exporter: str
    importer: str
    verdict: Verdict
    relied_on: str | None
    """What carries it, in words."""
    behind: tuple[str, ...]
    """What would carry it too, should that fall, in the order in which it would be relied on."""
    valid_until: date | None
    """The last day of this verdict, counting changes that are published to come; null: nothing on record ends it."""
    missing: tuple[MissingFact, ...]
    why: tuple[str, ...]
    """What stands against it or leaves it open, where it is not covered or needs review: the findings of the law."""


class ClientPlace(Struct, frozen=True, kw_only=True):
    """A place where the client's data are, or are reached from."""

    place_key: str
    role: PlaceRole
    text: str
    country: str | None
    subdivision: str | None
    group: str | None
    operated_by: str | None
    services: tuple[str, ...]
    """Keys of the client's services for which it serves; empty: all of them."""
    verdict: Verdict
    """The worst of its routes."""
    routes: tuple[ClientRoute, ...]


class ClientUse(Struct, frozen=True, kw_only=True):
    """What a sub-processor does with the client's data."""

    use_key: str
    purpose: str
    type: UseType | None
    optional: bool
    services: tuple[str, ...]
    data: tuple[str, ...]
    places: tuple[ClientPlace, ...]


class ClientSubProcessor(Struct, frozen=True, kw_only=True):
    """A sub-processor that touches the client's data on the day."""

    id: UUID
    status: Status
    legal_name: str
    country: str | None
    category: Category | None
    agreement: str | None
    engaged_by: tuple[str, ...]
    verdict: Verdict
    """The worst of its places."""
    uses: tuple[ClientUse, ...]


class InstructionStanding(Struct, frozen=True, kw_only=True):
    """Whether an instruction of the client is kept on the day."""

    id: UUID
    kind: str
    kept: bool
    contravened_by: tuple[str, ...]
    """Each place or transfer that stands against it, in words."""
    flagged: str | None
    """Present: we hold that it would break the law, and do not follow it."""


class ClientSafeguards(Struct, frozen=True, kw_only=True):
    """Every sub-processor that touches a client's data on a day, place by place, and on what that rests."""

    client_id: UUID
    reference: str
    as_of: date
    runs: bool
    service: str | None
    change_number: int
    law_edition: str
    regimes: tuple[str, ...]
    """Whose rules come with the client's data."""
    verdict: Verdict | None
    """The worst of all; null where nothing touches the client's data."""
    entrusted: tuple[ClientRoute, ...]
    """The first hop of each chain: from the client to us."""
    sub_processors: tuple[ClientSubProcessor, ...]
    instructions: tuple[InstructionStanding, ...]
    announced: tuple[PlannedChange, ...]
    """What is published to come and touches this client."""
    deviations: tuple[Deviation, ...]
