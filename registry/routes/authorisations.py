"""HTTP for what a client decides itself: optional uses, and changes under specific authorisation."""

from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post, put
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from registry.actions import authorisations as actions
from registry.resources.authorisations import Authorisation, AuthorisationDraft, Option, OptionSwitch
from registry.routes.days import AsOf
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheLaw, TheSettings
from registry.web.conditional import etag, require_if_match
from registry.web.idempotency import once
from registry.web.problems import documented


class Options(Struct, frozen=True, kw_only=True):
    """The optional uses that there are for a client on a day."""

    data: tuple[Option, ...]


class Authorisations(Struct, frozen=True, kw_only=True):
    """What a client authorises itself, the newest change first."""

    data: list[Authorisation]


class OptionController(Controller):
    """Optional uses are off until the client itself switches them on."""

    path = "/v1/clients/{client_id:uuid}/options"
    tags = ("Clients",)

    @get(operation_id="listOptions", summary="List a client's optional uses", responses=documented(404))
    async def list_all(
        self,
        client_id: FromPath[UUID],
        db: Database,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
        as_of: AsOf = None,
    ) -> Options:
        """With the verdicts on this client's data, on or off."""
        async with db.transaction(isolation="repeatable_read", readonly=True):
            found = await actions.options(
                db, client_id, day=as_of or clock.today(), law=law, public_url=settings.public_url
            )
        return Options(data=found)

    @get(
        "/{sub_processor_id:uuid}/{use_key:str}",
        operation_id="getOption",
        summary="Read one optional use",
        responses=documented(404),
    )
    async def read(
        self,
        client_id: FromPath[UUID],
        sub_processor_id: FromPath[UUID],
        use_key: FromPath[str],
        db: Database,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
    ) -> Response[Option]:
        """As it is today; its ETag is what switching it must name in `If-Match`."""
        async with db.transaction(isolation="repeatable_read", readonly=True):
            found = await actions.option(
                db,
                client_id,
                key=(sub_processor_id, use_key),
                day=clock.today(),
                law=law,
                public_url=settings.public_url,
            )
        return Response(found, headers={"ETag": _etag(found)})

    @put(
        "/{sub_processor_id:uuid}/{use_key:str}",
        operation_id="switchOption",
        summary="Switch an optional use on or off",
        responses=documented(404, 409, 412, 422, 428),
    )
    async def switch(
        self,
        request: AnyRequest,
        client_id: FromPath[UUID],
        sub_processor_id: FromPath[UUID],
        use_key: FromPath[str],
        data: JSONBody[OptionSwitch],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
    ) -> Response[Option]:
        """The client's own act, by its own key, recorded with the verdicts that it saw: `If-Match` names them."""
        switched = await actions.switch(
            db,
            actor,
            clock,
            settings,
            client_id,
            key=(sub_processor_id, use_key),
            given=data,
            law=law,
            seen=lambda found: require_if_match(request, _etag(found), seen=True),
        )
        return Response(switched, headers={"ETag": _etag(switched)})


class AuthorisationController(Controller):
    """Under specific authorisation nothing widens for a client before it said so."""

    path = "/v1/clients/{client_id:uuid}/authorisations"
    tags = ("Clients",)

    @get(
        operation_id="listAuthorisations",
        summary="List what a client authorises itself",
        responses=documented(404),
    )
    async def list_all(self, client_id: FromPath[UUID], db: Database) -> Authorisations:
        """Pending, authorised or refused, for each change and each of its subjects."""
        async with db.transaction(isolation="repeatable_read", readonly=True):
            found = await actions.listed(db, client_id)
        return Authorisations(data=list(found))

    @post(
        operation_id="authoriseChange",
        summary="Authorise or refuse a change",
        responses=documented(404, 409, 422),
    )
    async def decide(
        self,
        request: AnyRequest,
        client_id: FromPath[UUID],
        data: JSONBody[AuthorisationDraft],
        db: Database,
        actor: TheActor,
        clock: TheClock,
    ) -> Response[Authorisations]:
        """Until it is authorised the client's list is folded without the change; the last decision holds."""

        async def effect() -> Response[Authorisations]:
            return Response(
                Authorisations(data=list(await actions.decide(db, actor, clock, client_id, data)))
            )

        return await once(request, db, clock, effect)


def _etag(option: Option) -> str:
    """Of all that is shown: one switches what one saw."""
    return etag(option.sub_processor_id, msgspec.json.encode(option).hex())
