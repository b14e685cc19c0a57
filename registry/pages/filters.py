"""Which part of the news is asked for, from the query of a feed's address."""

from typing import Annotated, TypeAlias
from urllib.parse import urlencode

from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, SkipValidation
from msgspec import Meta

from registry.actions.news import require_services
from registry.pages import words
from registry.resources.base import Key
from registry.resources.changes import ChangeKind
from registry.resources.filters import Filter
from registry.resources.places import CountryCode
from registry.resources.terms import Category
from registry.routes import countries
from registry.routes.dependencies import Database

MOST = 20
"""How many values of one parameter are taken; they are alternatives."""
MOST_COUNTRIES = 60
"""Enough for the members of the European Economic Area, one by one, and whatever is adequate."""

Services: TypeAlias = FromQuery[
    Annotated[
        list[Key], Meta(max_length=MOST, description="Keys of services: changes that concern one of them.")
    ]
    | None
]
Categories: TypeAlias = FromQuery[
    Annotated[
        list[Category],
        Meta(max_length=MOST, description="Changes to sub-processors of one of these categories."),
    ]
    | None
]
Kinds: TypeAlias = FromQuery[
    Annotated[
        list[ChangeKind],
        Meta(
            max_length=MOST,
            description="Changes of one of these kinds, with what is published about them later.",
        ),
    ]
    | None
]
Countries: TypeAlias = FromQuery[
    Annotated[
        list[CountryCode],
        Meta(
            max_length=MOST_COUNTRIES,
            description="Changes to what happens in one of these countries, or may, or to who is established there.",
        ),
    ]
    | None
]

Wanted: TypeAlias = NamedDependency[SkipValidation[Filter]]


async def provide_wanted(
    db: Database,
    service: Services = None,
    category: Categories = None,
    kind: Kinds = None,
    country: Countries = None,
) -> Filter:
    """The filter that the query asks for; ``InvalidError`` names a service or country that there is not."""
    wanted = Filter(
        services=tuple(sorted({*(service or ())})),
        categories=tuple(sorted({*(category or ())})),
        kinds=tuple(sorted({*(kind or ())})),
        countries=tuple(sorted({countries.asked(code) for code in country or ()})),
    )
    await require_services(db, wanted.services)
    return wanted


PROVIDERS = {"wanted": Provide(provide_wanted)}


def query(wanted: Filter) -> str:
    """The filter as the end of an address: empty, or beginning with a question mark."""
    return f"?{urlencode(wanted.query)}" if wanted.query else ""


def described(wanted: Filter) -> str:
    """Say a filter in a few words."""
    told = (
        ("service", wanted.services),
        ("category", [words.word(each) for each in wanted.categories]),
        ("kind", [words.word(each) for each in wanted.kinds]),
        ("country", [words.country(each) for each in wanted.countries]),
    )
    return "; ".join(f"{name} {' or '.join(values)}" for name, values in told if values)
