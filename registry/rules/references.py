"""What terms refer to must be on the register: a name that stands for nothing would hide a transfer."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from registry.errors import Fault
from registry.resources.terms import Terms
from registry.resources.world import World
from registry.rules.fold import on


def dangling(terms: Terms, world: World) -> Fault | None:
    """The first member that names an organisation or service that is not on the register."""
    for member, organisation_id in _organisations(terms):
        if organisation_id not in world.organisations:
            return Fault(member=member, message=f"There is no organisation {organisation_id} on the register")
    for member, key in _services(terms):
        if key not in world.services:
            return Fault(member=member, message=_no_service(key, world))
    return None


def _organisations(terms: Terms) -> Iterator[tuple[str, UUID]]:
    """Every organisation that the terms name, with the member that does."""
    for engager in terms.engaged_by:
        yield "engaged_by", engager
    for key, safeguard in terms.safeguards.items():
        for party in safeguard.parties:
            yield f"safeguards.{key}.parties", party
    for use_key, use in terms.uses.items():
        for place_key, place in use.places.items():
            if place.operated_by is not None:
                yield f"uses.{use_key}.places.{place_key}.operated_by", place.operated_by


def _services(terms: Terms) -> Iterator[tuple[str, str]]:
    """Every service that the terms name, with the member that does."""
    for use_key, use in terms.uses.items():
        for service in use.services:
            yield f"uses.{use_key}.services", service
        for place_key, place in use.places.items():
            for service in place.services:
                yield f"uses.{use_key}.places.{place_key}.services", service


def _no_service(key: str, world: World) -> str:
    known = ", ".join(sorted(world.services)) or "none yet; add it first"
    return f"There is no service with the key {key}; there are: {known}"


def used_on(world: World, day: date) -> set[str]:
    """The keys of the services in the terms of a day."""
    return {
        service
        for sub_processor in world.sub_processors.values()
        if (period := on(sub_processor.periods, day)) is not None
        for use in period.document["uses"].values()
        for service in use.get("services", {})
    }
