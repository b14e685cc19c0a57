"""A walk over all routes with a client's key: it sees what is public, what is its own, and nothing else."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from httpx import AsyncClient
from litestar.routes import HTTPRoute

from registry.app import create_app
from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import KeyRole
from registry.resources.actors import Role
from registry.settings import Settings
from registry.web.gate import Plan
from registry.web.rights import OF_ITS_OWN, RIGHTS
from tests import keys

ROUTES: list[tuple[str, str, Plan]] = []
for route in create_app(Settings(data_dir=Path("/nowhere"))).routes:
    if isinstance(route, HTTPRoute):
        for method, (handler, _) in route.route_handler_map.items():
            if method != "OPTIONS":
                ROUTES.append((route.path_format, method, handler.opt["plan"]))

CLIENT = """
    INSERT INTO client (reference, created_at, created_by) VALUES ($1, $2, 'tester') RETURNING id
"""
AMERICAN = "32023D1795"
ABSENT = str(UUID(int=7))


def address(path: str, client_id: str) -> str:
    """An address that fits the path; but for the client, what it names need not be there."""
    path = path.replace("{client_id}", client_id)
    return re.sub(r"\{[a-z_]*_id\}", ABSENT, path).replace("{", "").replace("}", "")


@pytest.mark.parametrize("role", [KeyRole.CLIENT, KeyRole.CONTRACTS])
@pytest.mark.parametrize(
    ("path", "method", "plan"),
    [pytest.param(*each, id=each[2].operation) for each in sorted(ROUTES, key=lambda each: each[:2])],
)
async def test_a_clients_key_passes_for_what_is_public_and_its_own_alone(
    client: AsyncClient, pool: Pool, clock: Clock, *, path: str, method: str, plan: Plan, role: KeyRole
) -> None:
    mine, other = [await pool.fetchval(CLIENT, name, clock.now()) for name in ("C-1", "C-2")]
    key = await keys.headers(pool, clock, role, client_id=mine)
    body = b"{}" if plan.media_types else None
    headers = {**key, **({"Content-Type": plan.media_types[0]} if plan.media_types else {})}

    async def ask(client_id: str) -> int:
        answer = await client.request(method, address(path, client_id), headers=headers, content=body)
        return answer.status_code

    may = Role(role) in RIGHTS[plan.operation]
    if not may:
        assert await ask(str(mine)) == 403
        assert await ask(str(other)) == 403
    elif plan.names_client:
        assert await ask(str(other)) == 404
        assert await ask(ABSENT) == 404
        assert await ask(str(mine)) != 403
    elif Role.PUBLIC in RIGHTS[plan.operation] or plan.operation in OF_ITS_OWN:
        assert await ask(str(mine)) not in {401, 403}
    else:
        assert await ask(str(mine)) == 403


def test_what_answers_for_a_client_alone_is_there() -> None:
    assert {plan.operation for _, _, plan in ROUTES} >= OF_ITS_OWN


async def test_the_register_as_a_whole_is_not_simulated_for_one_client(
    client: AsyncClient, pool: Pool, clock: Clock
) -> None:
    mine = await pool.fetchval(CLIENT, "C-1", clock.now())
    bound = await keys.headers(pool, clock, KeyRole.CONTRACTS, client_id=mine)
    free = await keys.headers(pool, clock, KeyRole.CONTRACTS)
    body = {"changes": [{"type": "end", "decision": AMERICAN, "last_day": "2027-01-31"}]}

    refused = await client.post("/v1/simulations", json=body, headers=bound)
    other = await client.post("/v1/simulations", json=body, headers=free)

    assert refused.status_code == 403
    assert "bound to one client" in refused.json()["detail"]
    assert other.status_code != 403


async def test_a_client_is_shown_changes_as_the_public_is(
    client: AsyncClient, pool: Pool, clock: Clock
) -> None:
    mine = await pool.fetchval(CLIENT, "C-1", clock.now())
    for role in (KeyRole.CLIENT, KeyRole.CONTRACTS):
        key = await keys.headers(pool, clock, role, client_id=mine)

        assert (await client.get("/v1/changes/drafts", headers=key)).status_code == 403
        assert (await client.get("/v1/changes", headers=key)).status_code == 200
