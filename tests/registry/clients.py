"""Clients for tests: taken on over HTTP, with a channel that is confirmed."""

from typing import Any
from uuid import UUID

from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import KeyRole
from tests import keys
from tests.registry.office import Office

CHANNEL = """
    INSERT INTO subscription (client_id, channel, purpose, address, state, created_at, created_by, confirmed_at)
    VALUES ($1, 'email', 'contract', 'dpo@client.example', 'confirmed', $2, 'tester', $2)
"""

CONTACTS = {"dpo": {"name": "Dana", "email": "dana@client.example", "contract": True}}


def terms(**members: Any) -> dict[str, Any]:
    """Terms of a Belgian client with 30 days of notice."""
    return {
        "name": "Client NV",
        "country": "BE",
        "notice_days": 30,
        "objection_days": 14,
        "contacts": CONTACTS,
        **members,
    }


async def taken_on(
    office: Office,
    pool: Pool,
    clock: Clock,
    reference: str = "C-1",
    *,
    day: str = "2025-01-01",
    channel: bool = True,
    **members: Any,
) -> str:
    """Take a client on from a day on; its id. `members` are those of its terms that differ."""
    body = {"reference": reference, "valid_from": day, "terms": terms(**members)}
    made = await office.client.post("/v1/clients", json=body, headers=office.ada)
    assert made.status_code == 201, made.text
    client_id: str = made.json()["id"]
    if channel:
        await pool.execute(CHANNEL, UUID(client_id), clock.now())
    return client_id


async def key(
    pool: Pool, clock: Clock, client_id: str, role: KeyRole = KeyRole.CLIENT, holder: str = "Dana"
) -> dict[str, str]:
    """What a request sends that comes from a key of the client."""
    return await keys.headers(pool, clock, role, holder, client_id=UUID(client_id))
