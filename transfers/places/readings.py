"""A reading: what a text about places says, and what it leaves open."""

from enum import StrEnum

from msgspec import Struct


class Status(StrEnum):
    """How much of the text is understood; only `resolved` may be relied on as complete."""

    RESOLVED = "resolved"
    """All of the text is read, and the places are all there are."""
    AMBIGUOUS = "ambiguous"
    """A part of it can mean more than one place."""
    UNBOUNDED = "unbounded"
    """It names a group, or leaves open where else; the places given are certain, but not all."""
    UNKNOWN = "unknown"
    """A part of it is not understood."""


class PlaceCode(Struct, frozen=True, kw_only=True):
    """One place that the text names for certain."""

    country: str
    """ISO 3166-1 alpha-2; XK for Kosovo."""
    subdivision: str | None = None
    """ISO 3166-2."""
    city: str | None = None
    """As a text: our own spelling where the city is in the tables, else as written."""
    cloud_region: str | None = None
    """The provider's code of the region, such as `eu-west-1`."""


class Reading(Struct, frozen=True, kw_only=True):
    """The answer of the resolver; nothing in it is guessed."""

    text: str
    status: Status
    places: tuple[PlaceCode, ...] = ()
    groups: tuple[str, ...] = ()
    """Groups named beside the places: `EU` and `EEA` have members in law, the others none."""
    note: str | None = None
    """What stands in the way of `resolved`, and what to write instead."""


class Doubt(Struct, frozen=True):
    """One reason why a text is not resolved."""

    status: Status
    note: str
