"""HTTP for access keys; admins only."""

from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from registry.actions import access_keys as actions
from registry.resources.access_keys import AccessKey, AccessKeyCreated, AccessKeyDraft
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheSettings
from registry.store import access_keys as store
from registry.web.conditional import etag
from registry.web.idempotency import once
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented


class AccessKeyController(Controller):
    """Make access keys, look at them, and revoke them."""

    path = "/v1/access-keys"
    tags = ("Access keys",)

    @post(operation_id="createAccessKey", summary="Make an access key")
    async def create(
        self,
        *,
        request: AnyRequest,
        data: JSONBody[AccessKeyDraft],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[AccessKeyCreated]:
        """The secret is in this answer and can never be seen again."""

        async def effect() -> Response[AccessKeyCreated]:
            created = await actions.create(db, actor, clock, data)
            request.app.state.keyring.forget()
            location = f"{settings.public_url}/v1/access-keys/{created.access_key.id}"
            return Response(created, headers={"Location": location})

        return await once(
            request, db, clock, effect, keep=lambda created: msgspec.structs.replace(created, secret=None)
        )

    @get(operation_id="listAccessKeys", summary="List the access keys")
    async def list_all(
        self,
        request: AnyRequest,
        db: Database,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[AccessKey]]:
        """In the order of their making, with those that are expired or revoked."""
        begin = position(cursor, UUID)
        found = await store.list_after(db, begin.after if begin else None, limit + 1)
        shown = found[:limit]
        return page(request, shown, after=shown[-1].id if len(found) > limit else None)

    @get("/{access_key_id:uuid}", operation_id="getAccessKey", summary="Read one access key")
    async def read(self, access_key_id: FromPath[UUID], db: Database) -> Response[AccessKey]:
        """Everything but the secret, which is not kept."""
        key = await store.get(db, access_key_id)
        return Response(key, headers={"ETag": etag(key.id, key.version)})

    @post(
        "/{access_key_id:uuid}/revocation",
        operation_id="revokeAccessKey",
        summary="Revoke an access key",
        status_code=200,
        responses=documented(409),
    )
    async def revoke(
        self,
        request: AnyRequest,
        access_key_id: FromPath[UUID],
        db: Database,
        actor: TheActor,
        clock: TheClock,
    ) -> AccessKey:
        """For good, and everywhere within a second; an admin may revoke the key in use."""
        revoked = await actions.revoke(db, actor, clock, access_key_id)
        request.app.state.keyring.forget()
        return revoked
