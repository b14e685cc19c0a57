"""HTTP for the list of sub-processors."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from registry.actions import listing
from registry.actions import sub_processors as actions
from registry.resources.places import CountryCode
from registry.resources.sub_processors import (
    PublicSubProcessor,
    Status,
    SubProcessor,
    SubProcessorDraft,
)
from registry.routes import countries
from registry.routes.days import AsOf
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheLaw, TheSettings
from registry.web.conditional import etag
from registry.web.idempotency import once
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented
from transfers.law import Law


class SubProcessorController(Controller):
    """Who processes personal data for our services, what they do, and where."""

    path = "/v1/sub-processors"
    tags = ("Sub-processors",)

    @post(
        operation_id="addSubProcessor",
        summary="Make an organisation a sub-processor",
        responses=documented(409, 422),
    )
    async def add(
        self,
        request: AnyRequest,
        data: JSONBody[SubProcessorDraft],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[SubProcessor]:
        """Without terms, and on nobody's list, until a published change starts them."""

        async def effect() -> Response[SubProcessor]:
            added = await actions.add(db, actor, clock, data)
            location = f"{settings.public_url}/v1/sub-processors/{added.id}/terms"
            return Response(added, headers={"Location": location})

        return await once(request, db, clock, effect)

    @get(operation_id="listSubProcessors", summary="Read the list of a day")
    async def list_all(
        self,
        request: AnyRequest,
        db: Database,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
        as_of: AsOf = None,
        status: FromQuery[list[Status] | None] = None,
        country: FromQuery[CountryCode | None] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[PublicSubProcessor]]:
        """Without `status`: what is true on the day, active or ending. By name, with places and verdicts."""
        begin = position(cursor, tuple[str, UUID])
        day = as_of or clock.today()
        within = countries.asked(country) if country is not None else None
        number, found = await listing.everything(
            db,
            day=day,
            law=law,
            public_url=settings.public_url,
            wanted=frozenset(status) if status else listing.ON_THE_LIST,
            known=begin.number if begin else None,
        )
        if within is not None:
            found = [entry for entry in found if _is_in(entry, within, law, day)]
        if begin is not None:
            found = [entry for entry in found if _order(entry) > begin.after]
        shown = found[:limit]
        after = _order(shown[-1]) if len(found) > limit else None
        return page(request, shown, after=after, number=number, pins={"as_of": day.isoformat()})

    @get(
        "/{sub_processor_id:uuid}",
        operation_id="getSubProcessor",
        summary="Read one sub-processor on a day",
        responses=documented(404),
    )
    async def read(
        self,
        sub_processor_id: FromPath[UUID],
        db: Database,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
        as_of: AsOf = None,
    ) -> Response[PublicSubProcessor]:
        """Before a planned start with the coming terms, after an end with the last; `status` says so."""
        day = as_of or clock.today()
        number, found = await listing.one(
            db, sub_processor_id, day=day, law=law, public_url=settings.public_url
        )
        return Response(found, headers={"ETag": etag(found.id, number, day, law.edition)})

    @get(
        "/{sub_processor_id:uuid}/terms",
        operation_id="getTerms",
        summary="Read every period of a sub-processor's terms",
        responses=documented(404),
    )
    async def terms(
        self,
        sub_processor_id: FromPath[UUID],
        db: Database,
        clock: TheClock,
        as_of: AsOf = None,
    ) -> SubProcessor:
        """With contacts, safeguards and the changes that made each period."""
        return await actions.one(db, sub_processor_id, as_of or clock.today())


def _order(entry: PublicSubProcessor) -> tuple[str, UUID]:
    return entry.legal_name.casefold(), entry.id


def _is_in(entry: PublicSubProcessor, country: str, law: Law, day: date) -> bool:
    """Whether it has a place in a country, itself or in a group that the country is a member of."""
    return any(
        place.country == country or (place.group and country in law.members(place.group, day))
        for use in entry.uses
        for place in use.places
    )
