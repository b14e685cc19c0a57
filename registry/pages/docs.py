"""`/docs`: Swagger UI, served by ourselves, so that no request leaves the machine."""

from pathlib import Path

import swagger_ui_bundle
from litestar import Controller, Response, get
from litestar.params import FromPath

from registry.errors import NotFoundError
from registry.web.conditional import etag

FOLDER = Path(swagger_ui_bundle.swagger_ui_path)
# What the page needs of the package's files, by name: nothing else of its folder is served.
ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
START = "start.js"

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Onward: the API</title>
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="docs"><noscript><p>This page needs JavaScript.
The API itself is described in <a href="/openapi.json">/openapi.json</a>.</p></noscript></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

# No validator: it would send the address of this server to another one.
SCRIPT = """\
"use strict";
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
"""

# Swagger UI writes style attributes and has icons in data: addresses.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY}


class DocsController(Controller):
    """The contract, to read and to try."""

    path = "/docs"
    include_in_schema = False

    @get(operation_id="getDocs", media_type="text/html")
    async def read(self) -> Response[str]:
        """The page; it is the same for everyone."""
        return Response(PAGE, media_type="text/html", headers={**HEADERS, "ETag": etag(PAGE)})

    @get("/{asset:str}", operation_id="getDocsAsset", sync_to_thread=True, media_type="text/plain")
    def read_asset(self, asset: FromPath[str]) -> Response[bytes]:
        """A file that the page needs."""
        if asset == START:
            content, media_type = SCRIPT.encode(), "text/javascript"
        elif asset in ASSETS:
            content, media_type = (FOLDER / asset).read_bytes(), ASSETS[asset]
        else:
            raise NotFoundError(f"/docs has no file {asset!r}.")
        headers = {"ETag": etag(content), "Cache-Control": "public, max-age=3600"}
        return Response(content, media_type=media_type, headers={**HEADERS, **headers})
