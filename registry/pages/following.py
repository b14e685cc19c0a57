"""`/feeds`: how to follow the changes, for people; where a browser comes that opens a feed."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
from litestar import Controller, Response, get
from litestar.di import Provide
from litestar.params import FromQuery

from registry.actions import news
from registry.errors import Fault, InvalidError, Source
from registry.pages import words
from registry.pages.events import event
from registry.pages.filters import MOST, MOST_COUNTRIES, Wanted, described, query
from registry.pages.visits import ERROR_PAGES, begin
from registry.resources.changes import ChangeKind
from registry.resources.filters import Filter
from registry.resources.terms import Category
from registry.routes import countries
from registry.routes.dependencies import AnyRequest, Database
from registry.store import head, services
from transfers import codes

E = TypeVar("E", bound=StrEnum)

LATEST = 20
"""How many changes the page names; the feeds have more."""


async def provide_chosen(
    db: Database,
    service: FromQuery[list[str] | None] = None,
    category: FromQuery[list[str] | None] = None,
    kind: FromQuery[list[str] | None] = None,
    country: FromQuery[list[str] | None] = None,
) -> Filter:
    """The filter that the form asks for; a choice that was left open comes as an empty value."""
    chosen = Filter(
        services=_chosen("service", service),
        categories=_members("category", Category, _chosen("category", category)),
        kinds=_members("kind", ChangeKind, _chosen("kind", kind)),
        countries=tuple(sorted(countries.asked(code) for code in _chosen("country", country))),
    )
    await news.require_services(db, chosen.services)
    return chosen


class FollowingController(Controller):
    """The page about the feeds."""

    include_in_schema = False
    exception_handlers = ERROR_PAGES
    dependencies = {"wanted": Provide(provide_chosen)}

    @get("/feeds", operation_id="getFeedsPage", media_type="text/html")
    async def read(self, request: AnyRequest, db: Database, wanted: Wanted) -> Response[str]:
        """The addresses of the feeds, of all changes or of a part."""
        offered = await services.everything(db)
        visit = await begin(request, db, wanted.query, [(each.key, each.name) for each in offered])
        if visit.is_fresh:
            return visit.not_modified()
        at = await head.read(db)
        latest, _ = await news.newest(db, request.app.state.scopes, wanted, until=at.change_no, limit=LATEST)
        return visit.page(
            "feeds.html",
            wanted=wanted,
            about=described(wanted),
            ending=query(wanted),
            services=[(each.key, each.name) for each in offered],
            categories=options(Category),
            kinds=options(ChangeKind),
            countries=countries_by_name(),
            latest=[event(row) for row in latest],
        )


def _chosen(parameter: str, values: Sequence[str] | None) -> tuple[str, ...]:
    chosen = tuple(sorted({value for value in values or () if value}))
    most = MOST_COUNTRIES if parameter == "country" else MOST
    if len(chosen) > most:
        message = f"{parameter}: it is given {len(chosen)} times; the feeds take at most {most} alternatives."
        raise InvalidError(message, [Fault(message=message, member=parameter, source=Source.QUERY)])
    return chosen


def _members(parameter: str, kind: type[E], values: Sequence[str]) -> tuple[E, ...]:
    try:
        return tuple(msgspec.convert(list(values), list[kind]))  # type: ignore[valid-type]
    except msgspec.ValidationError as error:
        known = ", ".join(kind)
        message = f"{parameter}: there is no {' or '.join(values)!r}; those known are {known}."
        raise InvalidError(
            message, [Fault(message=message, member=parameter, source=Source.QUERY)]
        ) from error


def options(kind: type[StrEnum]) -> list[tuple[str, str]]:
    return [(value, words.capital(words.word(value))) for value in kind]


def countries_by_name() -> list[tuple[str, Any]]:
    """Every country that there is today, by name."""
    found = [(code, country.name) for code, country in codes.countries().items() if country.assigned]
    return sorted(found, key=lambda pair: pair[1])
