"""The law read back: where a code stands, which decisions and tools there are, and what is open."""

from datetime import date
from typing import Annotated, TypeAlias

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery
from msgspec import Meta

from registry.errors import NotFoundError
from registry.routes.days import AsOf
from registry.routes.dependencies import AnyRequest, TheClock, TheLaw
from registry.web.conditional import etag
from registry.web.judging import unsupported
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented
from transfers import codes, readback, territories
from transfers.errors import UnsupportedError
from transfers.readback import DecisionView, LawView, MechanismView
from transfers.standing import require_reach
from transfers.territories import TerritoryView
from transfers.vocabulary import Regime

UnderRegime: TypeAlias = FromQuery[Annotated[Regime, Meta(description="Whose rules are asked about.")]]
OfRegime: TypeAlias = FromQuery[
    Annotated[Regime | None, Meta(description="Only what belongs to these rules; all, if left out.")]
]
TerritoryCode: TypeAlias = FromPath[
    Annotated[str, Meta(description="ISO 3166-1 alpha-2, `XK`, an alias such as `UK`, or a withdrawn code.")]
]


AsOfOrAll: TypeAlias = FromQuery[
    Annotated[
        date | None, Meta(description="Only what is there on that day; all that ever was, if left out.")
    ]
]


def reached(day: date | None) -> date | None:
    """The day asked about; ``LawUnsupportedError`` where the law on record does not reach it."""
    try:
        if day is not None:
            require_reach(day)
    except UnsupportedError as error:
        raise unsupported(error) from error
    return day


class LawController(Controller):
    """The dated law data as the engine uses it; every answer names its edition."""

    path = "/v1"
    tags = ("The law",)

    @get(
        "/law",
        operation_id="getLaw",
        summary="Read which edition of the law is in use",
        responses=documented(422),
    )
    async def edition(
        self, law: TheLaw, regime: OfRegime = None, as_of: AsOfOrAll = None
    ) -> Response[LawView]:
        """When its records were checked, how many there are, which are local, and what is open.

        With `as_of` and `regime` only what counts on that day, under these rules.
        """
        view = readback.edition(law, reached(as_of), regime)
        return Response(view, headers={"ETag": etag(law.edition, as_of, regime)})

    @get(
        "/territories",
        operation_id="listTerritories",
        summary="List how every code stands on a day",
        responses=documented(422),
    )
    async def territories(
        self,
        request: AnyRequest,
        law: TheLaw,
        clock: TheClock,
        regime: UnderRegime = Regime.EU_GDPR,
        as_of: AsOf = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[TerritoryView]]:
        """By code: assigned, reserved and withdrawn ones, each with its history under the regime."""
        begin = position(cursor, str)
        day = reached(as_of) or clock.today()
        wanted = [code for code in sorted(codes.countries()) if begin is None or code > begin.after]
        views = [territories.territory(law, code, day, regime) for code in wanted[:limit]]
        shown = [view for view in views if view is not None]
        after = shown[-1].code if len(wanted) > limit else None
        return page(request, shown, after=after, pins={"as_of": day.isoformat()})

    @get(
        "/territories/{code:str}",
        operation_id="getTerritory",
        summary="Read how a code stands on a day",
        responses=documented(422),
    )
    async def territory(
        self,
        code: TerritoryCode,
        law: TheLaw,
        clock: TheClock,
        regime: UnderRegime = Regime.EU_GDPR,
        as_of: AsOf = None,
    ) -> Response[TerritoryView]:
        """With its history; an alias and a withdrawn code say what they stand for.

        Where several codes took the place of a withdrawn one, and stand differently, `depends` says so and
        `ask` which of them to ask about: judged as it is, it is a review.
        """
        day = reached(as_of) or clock.today()
        view = territories.territory(law, code, day, regime)
        if view is None:
            known = code.upper() in codes.countries()
            told = (
                f"codes are written in capital letters: {code.upper()}"
                if known
                else "give two capital letters such as DE"
            )
            raise NotFoundError(f"{code[:20]!r} is not and never was a country code; {told}.")
        return Response(view, headers={"ETag": etag(law.edition, code, day, regime)})

    @get(
        "/adequacy-decisions",
        operation_id="listAdequacyDecisions",
        summary="List the adequacy decisions",
        responses=documented(422),
    )
    async def decisions(
        self,
        request: AnyRequest,
        law: TheLaw,
        clock: TheClock,
        regime: OfRegime = None,
        as_of: AsOfOrAll = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[DecisionView]]:
        """In order of their first day; with `as_of` only those in force on that day.

        `in_force` is told of that day, or of today. Under the UK GDPR the EU's decisions count on a day before 2021.
        """
        begin = position(cursor, int)
        start = begin.after if begin else 0
        found = readback.adequacy_decisions(law, reached(as_of), regime, today=clock.today())
        after = start + limit if len(found) > start + limit else None
        return page(request, found[max(start, 0) :][:limit], after=after)

    @get(
        "/mechanisms",
        operation_id="listMechanisms",
        summary="List the transfer tools of Chapter V",
        responses=documented(422),
    )
    async def mechanisms(
        self,
        request: AnyRequest,
        law: TheLaw,
        regime: OfRegime = None,
        as_of: AsOfOrAll = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[MechanismView]]:
        """In the order of the statute, with limits and what each needs; with `as_of` those there on that day.

        Under the UK GDPR the EU's tools count on a day before 2021.
        """
        begin = position(cursor, int)
        start = begin.after if begin else 0
        found = readback.mechanisms(law, reached(as_of), regime)
        after = start + limit if len(found) > start + limit else None
        return page(request, found[max(start, 0) :][:limit], after=after)
