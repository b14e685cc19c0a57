"""What every page begins and ends with: whose register it is, and whether the reader has the page already."""

from collections.abc import Callable
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from litestar import Request, Response
from litestar.exceptions import NotFoundException

from registry.database import Connection
from registry.errors import InvalidError, NotFoundError, RegistryError
from registry.pages import assets
from registry.pages.rendering import Site
from registry.problems import kind_of
from registry.routes.dependencies import AnyRequest
from registry.store import head, register
from registry.store.register import Register
from registry.web.conditional import etag, is_fresh
from registry.web.problems import answer

# A page is never shown without asking whether it still holds; asking costs two rows.
CACHE_CONTROL = "no-cache"


class Visit:
    """One reading of one page."""

    def __init__(self, request: AnyRequest, site: Site, tag: str) -> None:
        self._site = site
        self._tag = tag
        self.is_fresh = is_fresh(request, tag)

    def not_modified(self) -> Response[str]:
        """Tell the reader to go on showing what it has."""
        return Response("", status_code=HTTPStatus.NOT_MODIFIED, headers=self._headers())

    def page(self, template: str, **given: Any) -> Response[str]:
        """Answer the page."""
        shown = self._site.page(template, **given)
        shown.headers.update(self._headers())
        return shown

    def _headers(self) -> dict[str, str]:
        return {"ETag": self._tag, "Cache-Control": CACHE_CONTROL}


async def begin(request: AnyRequest, db: Connection, *of: object) -> Visit:
    """Read how far the register has come; ``of`` is what else the page depends on, such as its day."""
    state = request.app.state
    seen, whose = await head.read(db), await register.read(db)
    tag = etag(
        version("onward"),
        *(asset.name for asset in assets.ASSETS.values()),
        state.settings.public_url,
        state.settings.time_zone,
        state.settings.smtp is not None,
        state.law.edition,
        whose.name,
        whose.example,
        seen.journal_no,
        seen.digest.hex(),
        request.scope["path"],
        *of,
    )
    return Visit(request, Site(state.settings, whose), tag)


def error_page(
    request: Request[Any, Any, Any], error: RegistryError, heading: str | None = None
) -> Response[str]:
    """Say an error to a person, in the words of the problem that a program would get.

    It asks no database, so it cannot name the register.
    """
    site = Site(request.app.state.settings, Register(name="Sub-processors", example=False))
    kind = kind_of(type(error))
    return site.page(
        "error.html", status=HTTPStatus(kind.status), heading=heading or kind.title, detail=error.detail
    )


def nothing_there(request: Request[Any, Any, Any], error: NotFoundException) -> Response[Any]:
    """Answer a path that no handler has: a page for who asks for one, as browsers do, else a problem."""
    if "text/html" not in request.headers.get("accept", "") or request.scope["path"].startswith("/v1/"):
        return answer(request, error)
    return error_page(request, NotFoundError("There is no page at this address."))


ERROR_PAGES: dict[int | type[Exception], Callable[[Request[Any, Any, Any], Any], Response[Any]]] = {
    NotFoundError: error_page,
    InvalidError: error_page,
}
