"""Whether the server can answer."""

from importlib.metadata import version

from litestar import Controller, get
from msgspec import Struct

from registry.routes.dependencies import Database, TheLaw
from registry.store import head
from registry.web.problems import documented


class Health(Struct, frozen=True, kw_only=True):
    """That the server and its database answer, and how far the register has come."""

    status: str
    version: str
    law_edition: str
    change_number: int


class HealthController(Controller):
    """For load balancers and monitoring."""

    path = "/health"
    tags = ("Operating",)

    @get(operation_id="getHealth", summary="Ask whether Onward can answer", responses=documented(503))
    async def read(self, db: Database, law: TheLaw) -> Health:
        """200 when the database answers too, else 503."""
        seen = await head.read(db)
        return Health(
            status="ok", version=version("onward"), law_edition=law.edition, change_number=seen.change_no
        )
