"""What the tests of the HTTP machinery share."""

import pytest

from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import KeyRole
from tests import keys


@pytest.fixture
async def admin(pool: Pool, clock: Clock) -> dict[str, str]:
    """The headers of an admin's request."""
    return await keys.headers(pool, clock, KeyRole.ADMIN, "Ada")


@pytest.fixture
async def privacy(pool: Pool, clock: Clock) -> dict[str, str]:
    """The headers of a request of the privacy role."""
    return await keys.headers(pool, clock, KeyRole.PRIVACY, "Pia")
