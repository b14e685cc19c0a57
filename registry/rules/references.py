"""What terms refer to must be on the register: a name that stands for nothing would hide a transfer."""

from collections.abc import Iterator
from datetime import date

from registry.errors import Fault
from registry.resources.terms import Terms
from registry.resources.world import World
from registry.rules.fold import on


def dangling(terms: Terms, world: World) -> Fault | None:
    """The first member that names an organisation or service that is not on the register."""
    for member, message in _dangling(terms, world):
        return Fault(member=member, message=message)
    return None


def _dangling(terms: Terms, world: World) -> Iterator[tuple[str, str]]:
    for key in terms.engaged_by:
        if key not in world.organisations:
            yield "engaged_by", f"There is no organisation {key} on the register"
    for use_key, use in terms.uses.items():
        for service in use.services:
            if service not in world.services:
                yield f"uses.{use_key}.services", _no_service(service, world)
        for place_key, place in use.places.items():
            path = f"uses.{use_key}.places.{place_key}"
            for service in place.services:
                if service not in world.services:
                    yield f"{path}.services", _no_service(service, world)
            if place.operated_by is not None and place.operated_by not in world.organisations:
                yield f"{path}.operated_by", f"There is no organisation {place.operated_by} on the register"


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
