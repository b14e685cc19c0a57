"""HTTP for the instructions of clients."""

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from registry.actions import instructions as actions
from registry.resources.instructions import Instruction, InstructionDraft, InstructionEnd
from registry.routes.days import AsOf
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheLaw, TheSettings
from registry.store import clients as client_store
from registry.store import instructions as store
from registry.web.conditional import etag, require_if_match
from registry.web.idempotency import once
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented


class InstructionController(Controller):
    """What a client documented that we are, or are not, to do with its data."""

    path = "/v1/clients/{client_id:uuid}/instructions"
    tags = ("Clients",)

    @post(
        operation_id="addInstruction",
        summary="Record an instruction of a client",
        responses=documented(404, 409, 422),
    )
    async def add(
        self,
        request: AnyRequest,
        client_id: FromPath[UUID],
        data: JSONBody[InstructionDraft],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
    ) -> Response[Instruction]:
        """From its first day on every change and every answer for the client is checked against it.

        One that would have us break the law is recorded, and `flagged` says why we do not follow it.
        """

        async def effect() -> Response[Instruction]:
            added = await actions.add(
                db, actor, clock, client_id, given=data, law=law, public_url=settings.public_url
            )
            location = f"{settings.public_url}/v1/clients/{client_id}/instructions/{added.id}"
            return Response(added, headers={"Location": location, "ETag": _etag(added)})

        return await once(request, db, clock, effect)

    @get(operation_id="listInstructions", summary="List a client's instructions", responses=documented(404))
    async def list_all(
        self,
        request: AnyRequest,
        client_id: FromPath[UUID],
        db: Database,
        as_of: AsOf = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[Instruction]]:
        """In the order of their recording; with `as_of`, those that hold on that day."""
        await client_store.get(db, client_id)
        begin = position(cursor, UUID)
        found = [
            one
            for one in await store.of_clients(db, [client_id])
            if (as_of is None or one.covers(as_of)) and (begin is None or one.id > begin.after)
        ]
        shown = found[:limit]
        return page(request, shown, after=shown[-1].id if len(found) > limit else None)

    @get(
        "/{instruction_id:uuid}",
        operation_id="getInstruction",
        summary="Read one instruction of a client",
        responses=documented(404),
    )
    async def read(
        self, client_id: FromPath[UUID], instruction_id: FromPath[UUID], db: Database
    ) -> Response[Instruction]:
        """With its version as ETag."""
        await client_store.get(db, client_id)
        found = await store.get(db, client_id, instruction_id)
        return Response(found, headers={"ETag": _etag(found)})

    @post(
        "/{instruction_id:uuid}/end",
        operation_id="endInstruction",
        summary="End an instruction of a client",
        status_code=200,
        responses=documented(404, 412, 422, 428),
    )
    async def end(
        self,
        request: AnyRequest,
        client_id: FromPath[UUID],
        instruction_id: FromPath[UUID],
        data: JSONBody[InstructionEnd],
        db: Database,
        actor: TheActor,
        clock: TheClock,
    ) -> Response[Instruction]:
        """What was answered under it stays on record."""
        ended = await actions.end(
            db,
            actor,
            clock,
            client_id=client_id,
            instruction_id=instruction_id,
            given=data,
            seen=lambda found: require_if_match(request, _etag(found)),
        )
        return Response(ended, headers={"ETag": _etag(ended)})


def _etag(instruction: Instruction) -> str:
    return etag(instruction.id, instruction.version)
