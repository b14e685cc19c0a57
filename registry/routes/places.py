"""HTTP for written places: how a text is read."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import FromQuery
from msgspec import Meta

from registry.web.problems import documented
from registry.web.query import LINES
from transfers.places import Reading, resolve

PlaceText = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=2_000,
        description="A place, or several, as people write them, in as many lines as they like.",
        examples=["Frankfurt, Germany"],
        extra={LINES: True},
    ),
]


class PlaceController(Controller):
    """Read a written place into codes."""

    path = "/v1/places"
    tags = ("The law",)

    @get(operation_id="readPlace", summary="Read a written place", responses=documented(400))
    async def read(self, text: FromQuery[PlaceText]) -> Reading:
        """What is bounded is resolved to codes; what is not is said in `note`, and never guessed."""
        return resolve(text)
