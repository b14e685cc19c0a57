"""Pages whose address is a key: no cache keeps them, no search engine lists them, and a script fetches them in vain."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from litestar import Request, Response

from registry.database import Connection
from registry.errors import (
    ConflictError,
    InvalidError,
    NotFoundError,
    PayloadTooLargeError,
    RegistryError,
    UnsupportedMediaTypeError,
)
from registry.pages.rendering import Site
from registry.pages.visits import error_page
from registry.routes.dependencies import AnyRequest
from registry.store import register

# Referrer-Policy: no-referrer is on every answer (registry/web/gateway.py).
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


async def page(
    request: AnyRequest, db: Connection, template: str, status: HTTPStatus = HTTPStatus.OK, **given: Any
) -> Response[str]:
    """Answer a page that nobody keeps."""
    site = Site(request.app.state.settings, await register.read(db))
    shown = site.page(template, status=status, **given)
    shown.headers.update(HEADERS)
    return shown


def refused(request: Request[Any, Any, Any], error: RegistryError) -> Response[str]:
    """Say an error on such a page."""
    lost = isinstance(error, NotFoundError) and request.scope["path"].startswith("/links/")
    shown = error_page(request, error, "This link is not good any more" if lost else None)
    shown.headers.update(HEADERS)
    return shown


ERROR_PAGES: dict[int | type[Exception], Callable[[Request[Any, Any, Any], Any], Response[Any]]] = {
    NotFoundError: refused,
    InvalidError: refused,
    ConflictError: refused,
    PayloadTooLargeError: refused,
    UnsupportedMediaTypeError: refused,
}
