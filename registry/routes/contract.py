"""The contract, served."""

from litestar import Controller, Response, get

from registry.routes.dependencies import AnyRequest
from registry.web.conditional import etag


class ContractController(Controller):
    """The OpenAPI document of this very server."""

    path = "/openapi.json"

    @get(operation_id="getContract", include_in_schema=False, media_type="application/json")
    async def read(self, request: AnyRequest) -> Response[bytes]:
        """The same bytes as in `openapi/openapi.json` of the source."""
        contract: bytes = request.app.state.contract()
        return Response(contract, media_type="application/json", headers={"ETag": etag(contract)})
