"""Access keys for tests, made as an admin makes them."""

from uuid import UUID

from registry.actions import access_keys
from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import AccessKeyDraft, KeyRole
from registry.resources.actors import Actor, Role

MAKER = Actor(name="local:tester", holder="tester", role=Role.ADMIN)


async def headers(  # noqa: PLR0917 - as a sentence is read
    pool: Pool,
    clock: Clock,
    role: KeyRole,
    holder: str = "Ann",
    days: int | None = None,
    client_id: UUID | None = None,
) -> dict[str, str]:
    """What a request sends that comes from a new key of this role and holder."""
    async with pool.acquire() as db:
        draft = AccessKeyDraft(role=role, holder=holder, days=days, client_id=client_id)
        created = await access_keys.create(db, MAKER, clock, draft)
    return {"Authorization": f"Bearer {created.secret}"}
