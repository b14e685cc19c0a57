"""The gateway: the outermost ASGI layer, for what Litestar leaves to others.

HEAD answers wherever GET does; OPTIONS lists every method and answers CORS preflights; public GETs
may be read from any page; an answer whose ``ETag`` the asker has becomes 304; every answer carries
the headers that keep browsers from guessing. What is ready is answered here, before the framework is asked.
"""

from typing import Any, cast

from litestar import Litestar
from litestar.enums import ScopeType
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from msgspec import Struct

from registry.resources.actors import Role
from registry.web.conditional import KEPT_ON_304, matches_none_match
from registry.web.problems import allowed
from registry.web.quick import PATH, QuickAssessments
from registry.web.ready import COMPLETE, Shelf
from registry.web.rights import RIGHTS

CORS = (b"access-control-allow-origin", b"*")
EXPOSED = (b"access-control-expose-headers", b"ETag, Link, Location")
READING = frozenset({"GET", "HEAD", "OPTIONS"})
PREFLIGHT = (
    CORS,
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"If-None-Match, If-Modified-Since"),
    (b"access-control-max-age", b"86400"),
)
NOSNIFF = (b"x-content-type-options", b"nosniff")
REFERRER = (b"referrer-policy", b"no-referrer")
VARY = (b"vary", b"Authorization")
PRIVATE = (b"cache-control", b"no-store")
CSP = b"content-security-policy"
# Data is never a document; pages take everything from ourselves.
DATA_POLICY = (CSP, b"default-src 'none'; frame-ancestors 'none'")
PAGE_POLICY = (
    CSP,
    b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
)


class Facility(Struct, frozen=True):
    """What a path offers: the methods for ``Allow``, and whether its GET is public."""

    allow: bytes
    public: bool


class Gateway:
    """Wraps the app's ASGI handler."""

    def __init__(self, app: Litestar, shelf: Shelf) -> None:
        self._next: ASGIApp = app.asgi_handler
        self._shelf = shelf
        self._facilities = facilities(app)
        self._assessments = QuickAssessments(app.state, [PRIVATE, NOSNIFF, REFERRER, DATA_POLICY])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back."""
        if scope["type"] != ScopeType.HTTP:
            await self._next(scope, receive, send)
            return
        asked = scope
        method = asked["method"]
        if method == "POST" and asked["path"] == PATH:
            rest = await self._assessments.answered(asked, receive, send)
            if rest is None:
                return
            receive = rest
        if method not in READING:
            send = self._forgetting(send)
        else:
            ready = self._shelf.find(asked["path"], asked["query_string"])
            if ready is not None and method != "OPTIONS" and await ready.sent(asked, send):
                return
        head = method == "HEAD"
        if head:
            asked = cast("HTTPScope", {**asked, "method": "GET"})
        await self._next(asked, receive, Sender(asked, send, self._facilities, head=head))

    def _forgetting(self, send: Send) -> Send:
        """Believe nothing read before a write once it is answered: its author looks for it at once."""

        async def forgetting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._shelf.forget()
            await send(message)

        return forgetting


class Sender:
    """Completes one answer on its way out."""

    __slots__ = ("_facilities", "_head", "_scope", "_send", "_silent")

    def __init__(self, scope: HTTPScope, send: Send, facilities: dict[str, Facility], *, head: bool) -> None:
        self._scope = scope
        self._send = send
        self._facilities = facilities
        self._head = head
        self._silent = head

    async def __call__(self, message: Message) -> None:
        """Send a part of the answer."""
        if message["type"] == "http.response.start":
            if COMPLETE not in self._scope["state"]:
                message["headers"] = headers = list(message["headers"])
                self._complete(headers, message)
        elif message["type"] == "http.response.body" and self._silent:
            message["body"] = b""
        await self._send(message)

    def _complete(self, headers: list[tuple[bytes, bytes]], message: Any) -> None:
        scope = self._scope
        names = {name.lower(): value for name, value in headers}
        facility = self._facilities.get(scope.get("path_template", ""))
        method = scope["method"]
        if method == "GET":
            if facility is not None and facility.public:
                headers += (CORS, EXPOSED)
            if scope["path"].startswith("/v1"):
                headers.append(VARY)
            if b"etag" in names and message["status"] == 200:  # noqa: PLR2004 - OK
                self._not_modified(headers, names[b"etag"], message)
        elif method == "OPTIONS" and facility is not None:
            headers[:] = [(name, value) for name, value in headers if name.lower() != b"allow"]
            headers.append((b"allow", facility.allow))
            if facility.public:
                headers += PREFLIGHT
        if b"cache-control" not in names and scope["path"].startswith("/v1") and self._is_private(facility):
            headers.append(PRIVATE)
        headers += (NOSNIFF, REFERRER)
        # A 304 says nothing of its type, and its headers replace those that the browser kept with the page.
        if CSP not in names and (b"content-type" in names or message["status"] != 304):  # noqa: PLR2004 - Not Modified
            page = names.get(b"content-type", b"").startswith(b"text/html")
            headers.append(PAGE_POLICY if page else DATA_POLICY)

    def _is_private(self, facility: Facility | None) -> bool:
        return facility is not None and not facility.public

    def _not_modified(self, headers: list[tuple[bytes, bytes]], tag: bytes, message: Any) -> None:
        given = b", ".join(value for name, value in self._scope["headers"] if name == b"if-none-match")
        if given and matches_none_match(given.decode("latin-1"), tag.decode("latin-1")):
            message["status"] = 304
            headers[:] = [pair for pair in headers if pair[0].lower() in KEPT_ON_304]
            self._silent = True


def facilities(app: Litestar) -> dict[str, Facility]:
    """What each path template of an app offers."""
    found = {}
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            handlers = {method: handler for method, (handler, _) in route.route_handler_map.items()}
            reader = handlers.get("GET")
            public = reader is not None and Role.PUBLIC in RIGHTS[str(reader.operation_id)]
            found[route.path_format] = Facility(allowed([*handlers]).encode(), public)
    return found
