"""A place: where and in which role data is processed, as people wrote it and as it was read."""

from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from registry.resources.base import Key, Request, Text
from transfers import codes
from transfers.facts import AREA_CODES
from transfers.vocabulary import Area

CountryCode = Annotated[
    str,
    Meta(
        pattern="^[A-Z]{2}$",
        max_length=2,
        description="ISO 3166-1 alpha-2 (XK for Kosovo); UK and EL are read as GB and GR.",
        examples=["FR"],
    ),
]
SubdivisionCode = Annotated[
    str,
    Meta(
        pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$",
        max_length=6,
        description="ISO 3166-2",
        examples=["US-CA"],
    ),
]
Group = Literal["EU", "EEA"]
"""Groups with a legal membership: judged for every member of the day."""


class PlaceRole(StrEnum):
    """What happens at a place; the law sees `support_access` as remote access, all else as storage."""

    STORAGE = "storage"
    PROCESSING = "processing"
    SUPPORT_ACCESS = "support_access"
    BACKUP = "backup"
    LOGGING = "logging"
    CONTENT_DELIVERY = "content_delivery"


class Place(Request, frozen=True, kw_only=True):
    """One place of one use.

    Give `text` alone and it is read into codes when the change is drafted; what cannot be read
    stays without a code, is never guessed, and makes its transfers `needs_review`.
    """

    role: PlaceRole
    text: Text
    country: CountryCode | None = None
    subdivision: SubdivisionCode | None = None
    area: Area | None = None
    group: Group | None = None
    city: Text | None = None
    operated_by: UUID | None = None
    """The organisation that operates the place; absent: the sub-processor itself."""
    services: dict[Key, Literal[True]] = {}
    """The services of the use for which this place serves; empty: all of them."""
    regions: dict[Key, Literal[True]] = {}
    """The regions, among those that clients choose, for which this place serves; empty: all of them."""

    def __post_init__(self) -> None:
        """Refuse codes that contradict each other; the law could not judge them."""
        super().__post_init__()
        check_codes(self.country, self.subdivision, self.area)
        if self.group is not None and (self.country, self.subdivision, self.area) != (None, None, None):
            raise ValueError(
                f"group: a place is in the group {self.group} or in a country; leave one of them out"
            )


@lru_cache(maxsize=1024)  # Asked again for every place of a register; what is refused is not remembered.
def check_codes(country: str | None, subdivision: str | None, area: Area | None = None) -> None:
    """Raise `ValueError`, beginning with the member, for codes that never were or do not lie in each other."""
    if country is None:
        for member, value in (("subdivision", subdivision), ("area", area)):
            if value is not None:
                raise ValueError(f"{member}: {value} needs the country in which it lies; give `country` too")
        return
    try:
        codes.require_known(country)
    except ValueError as error:
        raise ValueError(f"country: {error}") from error
    if subdivision is not None:
        try:
            codes.require_within(subdivision, country)
        except ValueError as error:
            raise ValueError(f"subdivision: {error}") from error
    if area is not None and codes.canonical(country) not in AREA_CODES[area]:
        fitting = " or ".join(sorted(AREA_CODES[area]))
        raise ValueError(f"area: {area} does not lie in {country}; give the country as {fitting}")
