"""The yardstick: a Litestar route that decodes the same body, does nothing, and answers as many bytes."""

import os

from litestar import Litestar, Response, post
from litestar.params import JSONBody

from transfers.facts import Facts

ANSWER = b" " * int(os.environ.get("BENCH_ANSWER_BYTES", "0"))


@post("/bare", status_code=200)
async def bare(data: JSONBody[Facts]) -> Response[bytes]:
    """Decoded by the framework, answered without a thought."""
    return Response(ANSWER, media_type="application/json", headers={"X-From": data.exporter.country})


def application() -> Litestar:
    return Litestar([bare], openapi_config=None)
