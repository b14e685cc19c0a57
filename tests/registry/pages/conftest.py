"""The desk at which tests of pages publish."""

import pytest
from litestar import Litestar

from registry.clock import Clock
from registry.database import Pool
from tests.registry.pages.publishing import Desk


@pytest.fixture
async def desk(pool: Pool, clock: Clock, app: Litestar) -> Desk:
    """A register that is named MIBNtech sub-processors and has published nothing."""
    opened = Desk(pool, clock, app.state.shelf.forget)
    await opened.open()
    return opened
