"""HTTP for services: our offerings that clients take."""

from uuid import UUID

from litestar import Controller, Response, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody

from registry.actions import services as actions
from registry.resources.services import Service, ServiceDraft, ServicePatch
from registry.routes.days import AsOf
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheSettings
from registry.store import services as store
from registry.web.conditional import etag, require_if_match
from registry.web.idempotency import once
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented


class ServiceController(Controller):
    """Name the services that uses and notices are scoped to."""

    path = "/v1/services"
    tags = ("Services",)

    @post(operation_id="addService", summary="Add a service", responses=documented(409, 422))
    async def add(
        self,
        request: AnyRequest,
        data: JSONBody[ServiceDraft],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[Service]:
        """Its key is permanent: uses and places refer to it."""

        async def effect() -> Response[Service]:
            added = await actions.add(db, actor, clock, data)
            location = f"{settings.public_url}/v1/services/{added.id}"
            return Response(added, headers={"Location": location, "ETag": _etag(added)})

        return await once(request, db, clock, effect)

    @get(operation_id="listServices", summary="List the services")
    async def list_all(
        self,
        request: AnyRequest,
        db: Database,
        settings: TheSettings,
        as_of: AsOf = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[Service]]:
        """In the order of their making; with `as_of`, those made by that day or in the terms of that day."""
        begin = position(cursor, UUID)
        found = [
            service
            for service in await actions.on_day(db, as_of, settings.time_zone)
            if begin is None or service.id > begin.after
        ]
        shown = found[:limit]
        return page(request, shown, after=shown[-1].id if len(found) > limit else None)

    @get(
        "/{service_id:uuid}",
        operation_id="getService",
        summary="Read one service",
        responses=documented(404),
    )
    async def read(self, service_id: FromPath[UUID], db: Database) -> Response[Service]:
        """With its version as ETag."""
        service = await store.get(db, service_id)
        return Response(service, headers={"ETag": _etag(service)})

    @patch(
        "/{service_id:uuid}",
        operation_id="renameService",
        summary="Rename or describe a service",
        responses=documented(404, 412, 428),
    )
    async def rename(
        self,
        request: AnyRequest,
        service_id: FromPath[UUID],
        data: JSONBody[ServicePatch],
        db: Database,
        actor: TheActor,
        clock: TheClock,
    ) -> Response[Service]:
        """The key stays; `If-Match` names the version that was read."""
        renamed = await actions.rename(
            db,
            actor,
            clock,
            service_id,
            given=data,
            seen=lambda found: require_if_match(request, _etag(found)),
        )
        return Response(renamed, headers={"ETag": _etag(renamed)})


def _etag(service: Service) -> str:
    return etag(service.id, service.version)
