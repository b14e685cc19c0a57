"""The law read back: where a code stands, which decisions and tools there are, and what is open."""

from typing import Annotated, TypeAlias

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery
from msgspec import Meta

from registry.errors import NotFoundError
from registry.routes.days import AsOf
from registry.routes.dependencies import AnyRequest, TheClock, TheLaw
from registry.web.conditional import etag
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from transfers import codes, readback
from transfers.readback import DecisionView, LawView, MechanismView, TerritoryView
from transfers.vocabulary import Regime

UnderRegime: TypeAlias = FromQuery[Annotated[Regime, Meta(description="Whose rules are asked about.")]]
OfRegime: TypeAlias = FromQuery[
    Annotated[Regime | None, Meta(description="Only what belongs to these rules; all, if left out.")]
]
TerritoryCode: TypeAlias = FromPath[
    Annotated[str, Meta(description="ISO 3166-1 alpha-2, `XK`, an alias such as `UK`, or a withdrawn code.")]
]


class LawController(Controller):
    """The dated law data as the engine uses it; every answer names its edition."""

    path = "/v1"
    tags = ("The law",)

    @get("/law", operation_id="getLaw", summary="Read which edition of the law is in use")
    async def edition(self, law: TheLaw) -> Response[LawView]:
        """When its records were checked, how many there are, which are local, and what is open."""
        return Response(readback.edition(law), headers={"ETag": etag(law.edition)})

    @get("/territories", operation_id="listTerritories", summary="List how every code stands on a day")
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
        day = as_of or clock.today()
        wanted = [code for code in sorted(codes.countries()) if begin is None or code > begin.after]
        views = [readback.territory(law, code, day, regime) for code in wanted[:limit]]
        shown = [view for view in views if view is not None]
        after = shown[-1].code if len(wanted) > limit else None
        return page(request, shown, after=after, pins={"as_of": day.isoformat()})

    @get("/territories/{code:str}", operation_id="getTerritory", summary="Read how a code stands on a day")
    async def territory(
        self,
        code: TerritoryCode,
        law: TheLaw,
        clock: TheClock,
        regime: UnderRegime = Regime.EU_GDPR,
        as_of: AsOf = None,
    ) -> Response[TerritoryView]:
        """With its history; an alias and a withdrawn code say what they stand for."""
        day = as_of or clock.today()
        view = readback.territory(law, code, day, regime)
        if view is None:
            raise NotFoundError(
                f"{code[:20]!r} is not and never was a country code; give two capital letters such as DE."
            )
        return Response(view, headers={"ETag": etag(law.edition, code, day, regime)})

    @get("/adequacy-decisions", operation_id="listAdequacyDecisions", summary="List the adequacy decisions")
    async def decisions(
        self,
        request: AnyRequest,
        law: TheLaw,
        regime: OfRegime = None,
        as_of: AsOf = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[DecisionView]]:
        """In order of their first day; with `as_of` only those in force on that day."""
        begin = position(cursor, int)
        start = begin.after if begin else 0
        found = readback.adequacy_decisions(law, as_of, regime)
        after = start + limit if len(found) > start + limit else None
        return page(request, found[max(start, 0) :][:limit], after=after)

    @get("/mechanisms", operation_id="listMechanisms", summary="List the transfer tools of Chapter V")
    async def mechanisms(
        self,
        request: AnyRequest,
        law: TheLaw,
        regime: OfRegime = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[MechanismView]]:
        """In the order of the statute, with limits and what each needs."""
        begin = position(cursor, int)
        start = begin.after if begin else 0
        found = readback.mechanisms(law, regime)
        after = start + limit if len(found) > start + limit else None
        return page(request, found[max(start, 0) :][:limit], after=after)
