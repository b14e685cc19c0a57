"""Who asks."""

from litestar import Controller, get

from registry.resources.access_keys import Me
from registry.routes.dependencies import Database, TheActor
from registry.store import access_keys, clients


class MeController(Controller):
    """What Onward knows of the key that asks."""

    path = "/v1/me"
    tags = ("Access keys",)

    @get(operation_id="getMe", summary="See who one is here")
    async def read(self, db: Database, actor: TheActor) -> Me:
        """The holder, role, expiry and client of the access key in use."""
        key = await access_keys.get(db, actor.key_id) if actor.key_id else None
        return Me(
            actor=actor.name,
            holder=actor.holder,
            role=actor.role,
            expires_at=key.expires_at if key else None,
            client_id=actor.client_id,
            client_reference=await clients.reference(db, actor.client_id) if actor.client_id else None,
        )
