"""What of the published changes somebody follows: by service, category, kind and country."""

from msgspec import Struct

from registry.resources.changes import ChangeKind
from registry.resources.terms import Category


class Filter(Struct, frozen=True, kw_only=True):
    """Values of one member are alternatives; an empty one asks for nothing, so an empty filter is everything.

    Every member is sorted and without repeats, so that filters that mean the same are equal. ``services`` are
    keys, ``countries`` canonical ISO 3166-1 codes.
    """

    services: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    kinds: tuple[ChangeKind, ...] = ()
    countries: tuple[str, ...] = ()

    @property
    def query(self) -> list[tuple[str, str]]:
        """The filter as parameters of a feed's address, in one order."""
        members = {
            "service": self.services,
            "category": self.categories,
            "kind": self.kinds,
            "country": self.countries,
        }
        return [(name, str(value)) for name, values in members.items() for value in values]

    @property
    def by_kind_alone(self) -> bool:
        """Whether it can be answered without knowing what a change is about."""
        return not (self.services or self.categories or self.countries)
