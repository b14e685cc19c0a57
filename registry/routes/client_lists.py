"""HTTP for a client's own list and safeguards: what contract tools ask."""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery

from registry.actions import client_lists as actions
from registry.resources.base import Key
from registry.resources.client_lists import ClientList, ClientSafeguards
from registry.routes.days import AsOf
from registry.routes.dependencies import Database, TheClock, TheLaw, TheSettings
from registry.web.conditional import etag
from registry.web.problems import documented


class ClientListController(Controller):
    """The register as one client has it."""

    path = "/v1/clients/{client_id:uuid}"
    tags = ("Clients",)

    @get(
        "/sub-processors",
        operation_id="getClientSubProcessors",
        summary="Read a client's list of a day",
        responses=documented(404),
    )
    async def sub_processors(
        self,
        client_id: FromPath[UUID],
        db: Database,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
        as_of: AsOf = None,
    ) -> Response[ClientList]:
        """Who processes this client's data: what it takes, without changes that do not bind it.

        Those stand in `deviations`, each with its reason.
        """
        day = as_of or clock.today()
        number, found = await actions.listed(db, client_id, day=day, law=law, public_url=settings.public_url)
        tag = etag(client_id, "sub-processors", number, day, law.edition)
        return Response(found, headers={"ETag": tag})

    @get(
        "/safeguards",
        operation_id="getClientSafeguards",
        summary="Read the safeguards for a client's data on a day",
        responses=documented(404),
    )
    async def safeguards(
        self,
        client_id: FromPath[UUID],
        db: Database,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
        as_of: AsOf = None,
        service: FromQuery[Key | None] = None,
    ) -> Response[ClientSafeguards]:
        """In one call every sub-processor that touches the client's data, place by place.

        Each route has its verdict under the rules that bind us and under those that come with the client's data,
        the safeguard relied on and those behind it, and until when it holds; with the instructions kept or not,
        what is announced, and what does not bind the client.
        """
        day = as_of or clock.today()
        async with db.transaction(isolation="repeatable_read", readonly=True):
            number, found = await actions.safeguards(
                db, client_id, day=day, law=law, public_url=settings.public_url, service=service
            )
        tag = etag(client_id, "safeguards", service, number, day, law.edition)
        return Response(found, headers={"ETag": tag})
