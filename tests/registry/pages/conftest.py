"""The desk at which tests of pages publish."""

import pytest

from registry.clock import Clock
from registry.database import Pool
from tests.registry.pages.publishing import Desk


@pytest.fixture
async def desk(pool: Pool, clock: Clock) -> Desk:
    """A register that is named MIBNtech sub-processors and has published nothing."""
    opened = Desk(pool, clock)
    await opened.open()
    return opened
