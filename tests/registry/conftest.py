"""What the tests of the register may ask for beside what every test may."""

import httpx
import pytest

from registry.clock import Clock
from registry.database import Pool
from registry.settings import Settings
from tests.registry.office import Office


@pytest.fixture
async def office(client: httpx.AsyncClient, pool: Pool, clock: Clock, settings: Settings) -> Office:
    """People with keys of their own, in a register that belongs to somebody."""
    return await Office.open(client, pool, clock, settings)
