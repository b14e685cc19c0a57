"""HTTP for clients: whom we work for, what each takes and was promised."""

from uuid import UUID

from litestar import Controller, Response, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody

from registry.actions import clients as actions
from registry.resources.clients import Client, ClientDraft, ClientPatch, ContractEnd, Reference
from registry.routes.days import AsOf
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheSettings
from registry.web.conditional import etag, require_if_match
from registry.web.idempotency import once
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented


class ClientController(Controller):
    """Keep the controllers that we work for. A client's key sees its own record alone."""

    path = "/v1/clients"
    tags = ("Clients",)

    @post(operation_id="addClient", summary="Take a client on", responses=documented(409, 422))
    async def add(
        self,
        request: AnyRequest,
        data: JSONBody[ClientDraft],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[Client]:
        """It gets its notice of every change that is published to come and touches it."""

        async def effect() -> Response[Client]:
            added = await actions.add(db, actor, clock, settings, data)
            location = f"{settings.public_url}/v1/clients/{added.id}"
            return Response(added, headers={"Location": location, "ETag": _etag(added)})

        return await once(request, db, clock, effect)

    @get(operation_id="listClients", summary="List the clients")
    async def list_all(
        self,
        request: AnyRequest,
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
        as_of: AsOf = None,
        reference: FromQuery[Reference | None] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[Client]]:
        """In the order of their making, with their terms of the day; `reference` finds one."""
        begin = position(cursor, UUID)
        day = as_of or clock.today()
        found = await actions.listed(
            db,
            settings,
            day,
            only=actor.client_id,
            reference=reference,
            after=begin.after if begin else None,
            limit=limit + 1,
        )
        shown = found[:limit]
        after = shown[-1].id if len(found) > limit else None
        return page(request, shown, after=after, pins={"as_of": day.isoformat()})

    @get(
        "/{client_id:uuid}",
        operation_id="getClient",
        summary="Read one client",
        responses=documented(404),
    )
    async def read(
        self,
        client_id: FromPath[UUID],
        db: Database,
        clock: TheClock,
        settings: TheSettings,
        as_of: AsOf = None,
    ) -> Response[Client]:
        """With its terms of the day, and every period."""
        found = await actions.get(db, settings, client_id, as_of or clock.today())
        return Response(found, headers={"ETag": _etag(found)})

    @patch(
        "/{client_id:uuid}",
        operation_id="alterClient",
        summary="Give a client other terms from a day on",
        responses=documented(404, 409, 412, 428),
    )
    async def alter(
        self,
        request: AnyRequest,
        client_id: FromPath[UUID],
        data: JSONBody[ClientPatch],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[Client]:
        """Periods before the day stay as they were; a day in the past corrects them, as the journal shows."""
        altered = await actions.alter(
            db,
            actor,
            clock,
            settings,
            client_id,
            given=data,
            seen=lambda found: require_if_match(request, _etag(found)),
        )
        return Response(altered, headers={"ETag": _etag(altered)})

    @post(
        "/{client_id:uuid}/end",
        operation_id="endClient",
        summary="End a client's contract",
        status_code=200,
        responses=documented(404, 412, 422, 428),
    )
    async def end(
        self,
        request: AnyRequest,
        client_id: FromPath[UUID],
        data: JSONBody[ContractEnd],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[Client]:
        """After the last day the client has no list and is told nothing; what was before stays on record."""
        altered = await actions.end(
            db,
            actor,
            clock,
            settings,
            client_id,
            given=data,
            seen=lambda found: require_if_match(request, _etag(found)),
        )
        return Response(altered, headers={"ETag": _etag(altered)})


def _etag(client: Client) -> str:
    """Of the record and the day whose terms are shown; a write names the one of today."""
    return etag(client.id, client.version, client.as_of, client.reachable)
