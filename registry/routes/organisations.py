"""HTTP for organisations: the legal entities of the register."""

from uuid import UUID

from litestar import Controller, Response, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody

from registry.actions import organisations as actions
from registry.resources.organisations import Organisation, OrganisationDraft, OrganisationPatch
from registry.routes.days import AsOf
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheSettings
from registry.web.conditional import etag, require_if_match
from registry.web.idempotency import once
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented


class OrganisationController(Controller):
    """Keep the legal entities: ours, vendors, and vendors' vendors."""

    path = "/v1/organisations"
    tags = ("Organisations",)

    @post(
        operation_id="addOrganisation",
        summary="Add an organisation",
        responses=documented(409, 422),
    )
    async def add(
        self,
        request: AnyRequest,
        data: JSONBody[OrganisationDraft],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[Organisation]:
        """Nobody outside sees it until a published change rests on it."""

        async def effect() -> Response[Organisation]:
            added = await actions.add(db, actor, clock, data)
            location = f"{settings.public_url}/v1/organisations/{added.id}"
            return Response(added, headers={"Location": location, "ETag": _etag(added)})

        return await once(request, db, clock, effect)

    @get(operation_id="listOrganisations", summary="List the organisations")
    async def list_all(
        self,
        request: AnyRequest,
        db: Database,
        clock: TheClock,
        as_of: AsOf = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[Organisation]]:
        """In the order of their making, with their facts of the day."""
        begin = position(cursor, UUID)
        day = as_of or clock.today()
        found = await actions.list_all(db, day, begin.after if begin else None, limit + 1)
        shown = found[:limit]
        after = shown[-1].id if len(found) > limit else None
        return page(request, shown, after=after, pins={"as_of": day.isoformat()})

    @get(
        "/{organisation_id:uuid}",
        operation_id="getOrganisation",
        summary="Read one organisation",
        responses=documented(404),
    )
    async def read(
        self,
        organisation_id: FromPath[UUID],
        db: Database,
        clock: TheClock,
        as_of: AsOf = None,
    ) -> Response[Organisation]:
        """With its facts of the day."""
        found = await actions.get(db, organisation_id, as_of or clock.today())
        return Response(found, headers={"ETag": _etag(found)})

    @patch(
        "/{organisation_id:uuid}",
        operation_id="alterOrganisation",
        summary="Alter an organisation that nothing published rests on",
        responses=documented(404, 409, 412, 428),
    )
    async def alter(
        self,
        request: AnyRequest,
        organisation_id: FromPath[UUID],
        data: JSONBody[OrganisationPatch],
        db: Database,
        actor: TheActor,
        clock: TheClock,
    ) -> Response[Organisation]:
        """Once a published change rests on it, only a change alters it."""
        altered = await actions.alter(
            db,
            actor,
            clock,
            organisation_id,
            given=data,
            seen=lambda found: require_if_match(request, _etag(found)),
        )
        return Response(altered, headers={"ETag": _etag(altered)})


def _etag(organisation: Organisation) -> str:
    return etag(organisation.id, organisation.version, organisation.as_of, organisation.written_by_changes)
